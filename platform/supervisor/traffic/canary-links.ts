import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pointLink } from './point-link.ts';

/**
 * A canary shares callers, not requests: the edge sorts each caller into one of a fixed number of buckets, every bucket
 * is a link, and the links decide which release its callers see. While the marker file exists the edge dials the buckets
 * instead of the slots; its configuration holds both from the start and never changes.
 */

/** More would divide traffic more finely, and cost every function as many links and lines of Caddy's configuration. */
export const BUCKETS = 20;

export const bucketPath = (run: string, unit: string, bucket: number): string =>
  join(run, unit, `bucket-${bucket}.sock`);

/** Where the edge looks whether a function has a canary, and what it dials then. */
export const canaryPaths = (run: string, unit: string): { marker: string; buckets: string[] } => ({
  marker: join(run, unit, 'canary'),
  buckets: Array.from({ length: BUCKETS }, (_, bucket) => bucketPath(run, unit, bucket)),
});

export interface CanarySplit {
  /** Sockets of the release that serves everybody else; the activator's while none of them is alive. */
  stable: readonly string[];
  canary: readonly string[];
  /** 0 to 100; what is not a whole number of buckets is rounded, but a canary has at least one. */
  percent: number;
}

/** How many buckets the canary gets. */
export function canaryBuckets(percent: number): number {
  if (!(percent >= 0 && percent <= 100)) throw new Error(`Set canary to "${percent}": must be a percentage, 0 to 100`);
  return percent === 0 ? 0 : Math.max(1, Math.round((percent / 100) * BUCKETS));
}

/**
 * What each bucket points to; nothing when there is no socket at all. The canary's are always the first ones, so that
 * raising the percentage takes no one off it. A side without any socket is stood in for by the other.
 */
export function assignBuckets({ stable, canary, percent }: CanarySplit): string[] {
  const first = canaryBuckets(percent);
  const [ours, others] = [canary.length > 0 ? canary : stable, stable.length > 0 ? stable : canary];
  if (ours.length === 0) return [];
  return Array.from({ length: BUCKETS }, (_, bucket) => {
    const side = bucket < first ? ours : others;
    return side[bucket % side.length] as string;
  });
}

/**
 * Begins a canary, or brings a running one up to date: another percentage, or instances that came or went. Links first:
 * by the time the edge sees the marker every bucket leads somewhere.
 * @throws for a percentage that is none, and nothing changed
 */
export async function setCanary(run: string, unit: string, split: CanarySplit): Promise<void> {
  await mkdir(join(run, unit), { recursive: true });
  await pointBuckets(run, unit, assignBuckets(split));
  await writeFile(canaryPaths(run, unit).marker, `${split.percent}\n`, { mode: 0o644 });
}

/**
 * Ends a canary in favour of the release with these sockets, which the slots must already point to. The links stay:
 * a request that saw the marker may still be about to dial one. Only afterwards may the other release be drained.
 * Nothing happens without a canary.
 */
export async function endCanary(run: string, unit: string, winners: readonly string[]): Promise<void> {
  const { marker } = canaryPaths(run, unit);
  if (!existsSync(marker)) return;
  await pointBuckets(run, unit, assignBuckets({ stable: winners, canary: [], percent: 0 }));
  await rm(marker, { force: true });
}

async function pointBuckets(run: string, unit: string, sockets: readonly string[]): Promise<void> {
  for (const [bucket, socket] of sockets.entries()) await pointLink(bucketPath(run, unit, bucket), socket);
}
