import type { VectorQuery } from './contract.ts';

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The id in its one spelling. Ids name files and choose a tenant's records, so nothing else may pass.
 * @throws when it is no UUID
 */
export function tenantId(organizationId: string): string {
  if (uuid.test(organizationId)) return organizationId.toLowerCase();
  throw new Error(`Use vectors of organization ${JSON.stringify(organizationId.slice(0, 40))}: the id is not a UUID`);
}

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

/** Most candidates that each of the two lists may hold; the bound of sqlite-vec. */
const mostCandidates = 4096;

/** How many candidates each list gives to the fusion: enough that what both hold a little lower can still win. */
export const candidatesFor = ({ limit }: VectorQuery): number => Math.min(mostCandidates, Math.max(100, 2 * limit));

/** Whether a query can have no hits whatever the index holds. */
export const isVoid = ({ limit, documentIds }: VectorQuery): boolean => limit < 1 || documentIds?.length === 0;

/** Stems of a question that are searched for; a pasted page is cut here. */
const mostQueryStems = 64;

export const distinctStems = (stems: readonly string[]): string[] => [...new Set(stems)].slice(0, mostQueryStems);

export function* batches<T>(items: readonly T[], size: number): Generator<T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
