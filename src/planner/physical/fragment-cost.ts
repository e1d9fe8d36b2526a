// What a fragment costs here and in storage: bytes that move, by statistics; time, by how fast both have been lately.

/** Of one fragment, or of many together. */
export interface FragmentCost {
  /** Rows that pass. */
  readonly rows: number;
  /** Bytes that a read of the needed columns moves: as many are looked at in storage. */
  readonly read: number;
  /** Bytes of the answer. */
  readonly answer: number;
}

/** Milliseconds, as if one fragment ran at a time: what runs side by side has been divided by its number. */
export interface StoreSpeed {
  readonly read: Pace;
  /** A fragment in storage, over the bytes that it looks at, without its answer's way here. */
  readonly call: Pace;
  /** A fragment here, its columns read. */
  readonly here: Pace;
}
export interface Pace {
  readonly latency: number;
  readonly perByte: number;
}

const perGigabyte = 1 / 1e6;

/** Before anything is known of a store: a quick network, and storage that computes no slower than this machine. */
export const typicalSpeed: StoreSpeed = {
  read: { latency: 0.5, perByte: 1 * perGigabyte },
  call: { latency: 0.5, perByte: 1 * perGigabyte },
  here: { latency: 1, perByte: 2 * perGigabyte },
};

/**
 * Storage is everybody's: it makes an answer only where that moves fewer bytes than a read would; below this share.
 */
const worthwhile = 0.8;
export const savesBytes = ({ read, answer }: FragmentCost): boolean => answer <= worthwhile * read;

export const millisecondsHere = ({ read }: FragmentCost, speed: StoreSpeed): number =>
  speed.here.latency + read * speed.here.perByte;

export const millisecondsInStorage = ({ read, answer }: FragmentCost, speed: StoreSpeed): number =>
  speed.call.latency + read * speed.call.perByte + answer * speed.read.perByte;

/** Storage that takes longer by no more than this factor and so many milliseconds a fragment is not busy: times vary. */
const slower = 1.5;
const slack = 10;
/** One in ten is asked of storage however slow it was, to see whether that has changed. */
const least = 0.1;

/** What part of the fragments that storage could answer it is given: less, as it is slower than this machine. */
export function storageShare(cost: FragmentCost, speed: StoreSpeed): number {
  const [here, there] = [millisecondsHere(cost, speed), millisecondsInStorage(cost, speed)];
  return there <= slower * here + slack ? 1 : Math.max(least, here / there);
}
