// Typed arrays that grow with the number of groups.

/** The array, or a longer copy of it; new places are 0. */
export function grown<T extends Float64Array | Int32Array | Uint8Array>(array: T, size: number): T {
  if (array.length >= size) return array;
  const Type = array.constructor as new (length: number) => T;
  const longer = new Type(Math.max(size, array.length * 2));
  longer.set(array);
  return longer;
}
