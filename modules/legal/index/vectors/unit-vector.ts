/**
 * The vector scaled to length 1, so that nearest by distance is nearest by angle; a zero vector, which has no
 * direction, as it is.
 * @throws when its length is wrong or a component is not a number
 */
export function unitVector(vector: Float32Array, dimensions: number, whose: string): Float32Array {
  if (vector.length !== dimensions)
    throw new Error(`Use vector of ${whose}: it has ${vector.length} dimensions, not ${dimensions}`);
  const length = Math.sqrt(vector.reduce((sum, component) => sum + component * component, 0));
  if (!Number.isFinite(length)) throw new Error(`Use vector of ${whose}: a component is not a finite number`);
  return length === 0 ? vector : vector.map((component) => component / length);
}

export const hasDirection = (vector: Float32Array): boolean => vector.some((component) => component !== 0);
