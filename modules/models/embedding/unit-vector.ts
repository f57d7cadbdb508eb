/** The vector scaled to length 1; undefined when it has no direction (all zero, or not all numbers). */
export function toUnitVector(values: ArrayLike<number>): Float32Array | undefined {
  let squares = 0;
  for (let i = 0; i < values.length; i += 1) squares += Number(values[i]) ** 2;
  const length = Math.sqrt(squares);
  if (!(length > 0 && length < Number.POSITIVE_INFINITY)) return undefined;
  return Float32Array.from(values, (value) => value / length);
}
