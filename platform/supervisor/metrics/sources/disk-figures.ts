import { stat, statfs } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { answerWithin } from '../../../kernel/calls/answer-within.ts';
import type { Source } from '../../../kernel/composition.ts';
import type { Home } from '../../../services/home.ts';
import type { Family } from '../family.ts';

/** What a disk holds. Of several on one disk the first gives it its name. */
type Place = 'home' | 'files' | 'backups';

interface Disk {
  device: number;
  totalBytes: number;
  freeBytes: number;
}

/** Folders of this host that grow: backups only where their target is one. */
export const placesThatGrow = (
  home: Pick<Home, 'root' | 'files'>,
  { UPLOAD_DIR, BACKUP_TO }: Source,
): [Place, string][] => [
  ['home', home.root],
  ['files', resolve(UPLOAD_DIR || home.files)],
  ...(BACKUP_TO && isAbsolute(BACKUP_TO) ? [['backups', BACKUP_TO] as [Place, string]] : []),
];

interface DiskFiguresOptions {
  /** Those of the settings, which may change. */
  places: () => readonly [Place, string][];
  measure?: (folder: string) => Promise<Disk>;
  /** How long each place may take; less than what all of a reading may. */
  limitMs?: number;
}

const LIMIT_MS = 1_000;

type Answer = Disk | 'missing' | 'silent';

/**
 * Room on each disk once, and which place does not answer: one on a network disk whose server is gone must not keep the others from being
 * read. A folder that is missing, as that of a disk that is not mounted, is left out.
 */
export function createDiskFigures({
  places,
  measure = measureDisk,
  limitMs = LIMIT_MS,
}: DiskFiguresOptions): () => Promise<Family[]> {
  // One that hangs is not asked again: each question takes one of the few threads that all files are read by.
  const asked = new Map<string, Promise<Answer>>();
  const ask = (folder: string): Promise<Answer> => {
    const answer =
      asked.get(folder) ??
      measure(folder)
        .catch(() => 'missing' as const)
        .finally(() => asked.delete(folder));
    asked.set(folder, answer);
    return answerWithin(limitMs, answer, 'silent');
  };
  return async () => {
    const answers = await Promise.all(places().map(async ([place, folder]) => ({ place, answer: await ask(folder) })));
    const disks = new Map<number, Disk & { place: Place }>();
    for (const { place, answer } of answers) {
      if (typeof answer === 'object' && !disks.has(answer.device)) disks.set(answer.device, { ...answer, place });
    }
    const family = (name: string, help: string, value: (disk: Disk) => number): Family => ({
      ...{ name, type: 'gauge', help },
      series: [...disks.values()].map((disk) => ({ labels: { place: disk.place }, value: value(disk) })),
    });
    return [
      family('pandect_host_disk_total_bytes', 'Disk that holds the place', ({ totalBytes }) => totalBytes),
      family('pandect_host_disk_free_bytes', 'Its free space', ({ freeBytes }) => freeBytes),
      {
        ...{ name: 'pandect_host_disk_answers', type: 'gauge', help: 'Whether the disk of the place answers in time' },
        series: answers
          .filter(({ answer }) => answer !== 'missing')
          .map(({ place, answer }) => ({ labels: { place }, value: answer === 'silent' ? 0 : 1 })),
      },
    ];
  };
}

async function measureDisk(folder: string): Promise<Disk> {
  const { dev } = await stat(folder);
  const { blocks, bavail, bsize } = await statfs(folder);
  return { device: dev, totalBytes: blocks * bsize, freeBytes: bavail * bsize };
}
