import { stat, statfs } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
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

/** Room on each disk once. A folder that is missing, as that of a disk that is not mounted, is left out. */
export async function readDiskFigures(places: readonly [Place, string][], measure = measureDisk): Promise<Family[]> {
  const disks = new Map<number, Disk & { place: Place }>();
  for (const [place, folder] of places) {
    const disk = await measure(folder).catch(() => undefined);
    if (disk && !disks.has(disk.device)) disks.set(disk.device, { ...disk, place });
  }
  const family = (name: string, help: string, value: (disk: Disk) => number): Family => ({
    ...{ name, type: 'gauge', help },
    series: [...disks.values()].map((disk) => ({ labels: { place: disk.place }, value: value(disk) })),
  });
  return [
    family('pandect_host_disk_total_bytes', 'Disk that holds the place', ({ totalBytes }) => totalBytes),
    family('pandect_host_disk_free_bytes', 'Its free space', ({ freeBytes }) => freeBytes),
  ];
}

async function measureDisk(folder: string): Promise<Disk> {
  const { dev } = await stat(folder);
  const { blocks, bavail, bsize } = await statfs(folder);
  return { device: dev, totalBytes: blocks * bsize, freeBytes: bavail * bsize };
}
