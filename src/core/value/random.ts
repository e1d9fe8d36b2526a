// Random numbers in [0, 1), after setseed the same as PostgreSQL 15's: xoroshiro128**, of which each thread has one generator.

const bits64 = (x: bigint): bigint => BigInt.asUintN(64, x);
const rotated = (x: bigint, by: bigint): bigint => bits64((x << by) | (x >> (64n - by)));

let [s0, s1] = [0n, 0n];

/** @param seed from -1 to 1 */
export function seedRandom(seed: number): void {
  let state = bits64(BigInt(Math.trunc((2 ** 52 - 1) * seed)));
  // splitmix64
  const next = (): bigint => {
    state = bits64(state + 0x9e3779b97f4a7c15n);
    let value = bits64((state ^ (state >> 30n)) * 0xbf58476d1ce4e5b9n);
    value = bits64((value ^ (value >> 27n)) * 0x94d049bb133111ebn);
    return value ^ (value >> 31n);
  };
  [s0, s1] = [next(), next()];
}
seedRandom(2 * Math.random() - 1);

export function nextRandom(): number {
  const mixed = s1 ^ s0;
  const value = bits64(rotated(bits64(s0 * 5n), 7n) * 9n);
  s0 = rotated(s0, 24n) ^ mixed ^ bits64(mixed << 16n);
  s1 = rotated(mixed, 37n);
  return Number(value >> 12n) * 2 ** -52;
}
