import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createBackup } from '../platform/backup/create-backup.ts';
import { platformData } from '../platform/backup/platform.fixture.ts';
import { drill } from '../platform/backup/restore/drill.ts';
import { restoreBackup } from '../platform/backup/restore/restore-backup.ts';
import { verifyBackup } from '../platform/backup/verify-backup.ts';
import { removeHome } from '../platform/services/remove-home.ts';
import { cpuSeconds } from './support/cpu-seconds.ts';
import { megabytes } from './support/figures.ts';
import type { Bench, Row } from './support/table.ts';

const root = join(import.meta.dirname, '..');
const progress = () => {};
const MB = 1e6;

/** Documents that do not compress, as scans do not. */
const sets = [
  { name: 'demo', documents: 50, bytes: 100_000 },
  { name: 'large', documents: Number(process.env.BENCH_BACKUP_MB ?? 1000), bytes: MB },
];

export const backup: Bench = {
  name: 'backup',
  about:
    'backup, verification, restore and drill of a small and a large set of documents (BENCH_BACKUP_MB, default 1000)',
  async run() {
    const rows: Row[] = [];
    for (const set of sets) rows.push(...(await measure(set)));
    const slowest = Math.max(
      ...rows.filter(({ measured }) => measured === 'restore').map(({ seconds }) => Number(seconds)),
    );
    return {
      title: 'Backup and restore',
      rows,
      aims: [{ what: 'restore', aim: '≤ 900 s', reached: `${slowest.toFixed(1)} s`, met: slowest <= 900 }],
      notes: [
        'The target is a folder of the same disk. The second backup has one document more.',
        'Processor time is that of the command and of restic, without that of the server. Searches during a backup: `background`.',
      ],
    };
  },
};

async function measure({ name, documents, bytes }: (typeof sets)[number]): Promise<Row[]> {
  const data = await platformData({ isOnDisk: true, isKeyLight: false });
  try {
    for (let count = 0; count < documents; count++) await data.addDocument(randomBytes(bytes));
    const place = await data.placeAt(join(data.folder, 'backups'));
    const size = `${documents} files, ${megabytes(documents * bytes)} MB`;
    const rows: Row[] = [];
    const timed = async <T>(measured: string, work: () => Promise<T>, added: (result: T) => string = () => '') => {
      const [began, cpu] = [performance.now(), cpuSeconds()];
      const result = await work();
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      rows.push({
        set: name,
        size,
        measured,
        seconds,
        'CPU, s': (cpuSeconds() - cpu).toFixed(1),
        added: added(result),
      });
    };
    const addedBy = ({ added }: { added: number }) => `${megabytes(added)} MB`;
    await timed('first backup', () => createBackup(place, { root, progress }), addedBy);
    await data.addDocument(randomBytes(bytes));
    await timed('second backup', () => createBackup(place, { root, progress }), addedBy);
    await timed('verify', () => verifyBackup(place, undefined));
    const into = join(data.folder, 'restored');
    await timed('restore', () =>
      restoreBackup({ repository: place.repository, id: undefined, into, held: [], progress }),
    );
    await removeHome(into);
    await timed('drill', () => drill(place, { id: undefined, prove: {}, progress }));
    return rows;
  } finally {
    await data.close();
  }
}
