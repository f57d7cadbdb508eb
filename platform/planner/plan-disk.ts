import type { PlanInput } from './input/schema.ts';
import { documentSeconds, type Load } from './loads.ts';

const PAGE_BYTES = 2_000;
/** Text, its chunks and the indexes over both. */
const TEXT_COPIES = 6;
const CHUNKS_OF_PAGE = 2;
const DIMENSIONS = 384;
export const VECTOR_BYTES = DIMENSIONS * 4;
/** An index is built next to the one that serves. */
const VECTOR_COPIES = 2;
const MIB = 1024 * 1024;
const GIB_MIB = 1024;
const WAL_MIB = 1_024;
const RELEASES_MIB = 560;
/** The default of `LOG_BUDGET_MIB`. */
const LOGS_MIB = 1_024;
/** What restic keeps of a repository, of the files that it backs up. */
const BACKUP_CACHE = { share: 0.01, leastMiB: 256 };

export interface DiskPlan {
  parts: { name: string; gib: number }[];
  totalGiB: number;
  hostGiB: number;
  share: number;
  /** What documents add in a month. */
  growthGiB: number;
  /** One core, for the documents of a day. */
  readingSecondsPerDay: number;
}

/** Pieces of text in the index. */
export const storedChunks = ({ documents: { count, pagesEach } }: PlanInput): number =>
  count * pagesEach * CHUNKS_OF_PAGE;

/** MB of pictures that are kept at the end. */
export const picturesMiB = ({ images }: PlanInput, perDay: number): number =>
  perDay * images.picturesEach * images.megabytesEach * images.keepDays;

const documentMiB = ({ documents: { megabytesEach, pagesEach, replacedShare } }: PlanInput) => ({
  files: megabytesEach * (1 + replacedShare),
  text: (pagesEach * PAGE_BYTES * TEXT_COPIES) / MIB,
  vectors: (pagesEach * CHUNKS_OF_PAGE * VECTOR_BYTES * VECTOR_COPIES) / MIB,
});

export function planDisk(input: PlanInput, loads: readonly Load[], host: { diskGb: number }): DiskPlan {
  const { count, newPerDay } = input.documents;
  const each = documentMiB(input);
  const images = loads.find(({ work }) => work === 'images')?.callsPerDay ?? 0;
  const pictures = picturesMiB(input, images);
  const files = count * each.files;
  const parts = Object.entries({
    ...{ documents: files, text: count * each.text, vectors: count * each.vectors, pictures },
    ...{ WAL: WAL_MIB, releases: RELEASES_MIB, logs: LOGS_MIB },
    'backup cache': Math.max(BACKUP_CACHE.leastMiB, BACKUP_CACHE.share * (files + pictures)),
  }).map(([name, mib]) => ({ name, gib: mib / GIB_MIB }));
  const totalGiB = parts.reduce((sum, { gib }) => sum + gib, 0);
  return {
    ...{ parts, totalGiB, hostGiB: host.diskGb, share: host.diskGb > 0 ? totalGiB / host.diskGb : 0 },
    growthGiB: (newPerDay * input.daysPerMonth * (each.files + each.text + each.vectors)) / GIB_MIB,
    readingSecondsPerDay: newPerDay * documentSeconds(input.documents),
  };
}
