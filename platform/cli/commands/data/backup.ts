import type { Command } from 'commander';
import type { Range } from '../../../backup/log/restorable-range.ts';
import { sizeOf } from '../../../backup/manifest.ts';
import type { LoadComposition } from '../../../kernel/composition.ts';
import { giveWay } from '../../give-way.ts';
import { examples, print, table, tinted } from '../../output.ts';
import { bytes, dateTime, seconds } from '../../quantities.ts';

const target = `
Backups go to BACKUP_TO, encrypted with BACKUP_PASSPHRASE or a passphrase that is made once; see docs/backups.md.
`;

export function backup(program: Command, loadComposition: LoadComposition): void {
  const command = program
    .command('backup')
    .description('Back up database, files and keys, and look after the backups')
    .addHelpText('after', target);

  command
    .command('create')
    .description('Make a backup now, of a running or a stopped platform, and remove those that are too old')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('pandect backup create', 'BACKUP_TO=/mnt/backups pandect backup create --json'))
    .action(async ({ json }) => {
      giveWay();
      const { createBackup, openPlace, checkout } = await load();
      const place = await openPlace(loadComposition);
      const created = await createBackup(place, { root: checkout, progress: (line) => console.error(line) });
      const { manifest, added, removed } = created;
      const lines = [
        `Backup ${manifest.id} is complete (${seconds(created.seconds)})`,
        `  database     ${bytes(manifest.database.bytes)}`,
        `  files        ${manifest.files ? `${manifest.files.count} (${bytes(manifest.files.bytes)})` : 'not held: they are in S3; have its server keep copies'}`,
        `  keys         ${manifest.keys.count}`,
        `  added        ${bytes(added)} at ${place.target.repository}`,
        ...(removed.length > 0 ? [`  removed      ${removed.length} older`] : []),
        ...(created.isTidy ? [] : ['  put off      removing what is too old, as others work on the repository']),
        ...(manifest.database.kind === 'dump' ? [dumpNotice] : []),
      ];
      print(json, { ...created, bytes: sizeOf(manifest) }, lines.join('\n'));
    });

  command
    .command('list')
    .description(
      'List the backups at BACKUP_TO and the times that can be restored to, also on a host without a platform',
    )
    .option('--json', 'print JSON')
    .addHelpText('after', examples('pandect backup list', 'pandect backup list --json'))
    .action(async ({ json }) => {
      const { listBackups, listLog, openAccess, restorableRanges } = await load();
      const { repository } = await openAccess();
      const rows = await listBackups(repository);
      const ranges = restorableRanges(rows, (await listLog(repository)).chapters);
      const lines = rows.map((row) => [
        ...[row.id, dateTime(row.at.toISOString()), tinted(row.isComplete ? 'ok' : 'broken'), row.files],
        ...[row.bytes === undefined ? '' : bytes(row.bytes), row.version, row.home],
      ]);
      const header = ['ID', 'AT', 'STATE', 'FILES', 'SIZE', 'VERSION', 'HOME'];
      const text = [table(header, lines), ...describeRanges(ranges)].join('\n');
      print(json, { backups: rows, ranges }, rows.length > 0 ? text : 'There are no backups');
    });

  command
    .command('verify [id]')
    .description(
      'Read everything at BACKUP_TO back, and compare a backup with its manifest; status 1 when something differs',
    )
    .option('--json', 'print JSON')
    .addHelpText('after', examples('pandect backup verify', 'pandect backup verify 20260131T030000-1f2e3d'))
    .action(async (id: string | undefined, { json }) => {
      giveWay();
      const { verifyBackup, openPlace } = await load();
      const verified = await verifyBackup(await openPlace(loadComposition), id);
      const lines = verified.differences.map((difference) => `  ${difference}`);
      const head = lines.length === 0 ? 'is whole' : 'differs from its manifest:';
      print(json, verified, [`Backup ${verified.id} ${head} (${seconds(verified.seconds)})`, ...lines].join('\n'));
      if (lines.length > 0) process.exitCode = 1;
    });

  command
    .command('key')
    .description(
      'Print the recovery sheet: passphrase, place and how to restore. Printed once; keep it away from the server',
    )
    .option('--again', 'print it although it was printed before')
    .addHelpText('after', examples('pandect backup key', 'pandect backup key --again'))
    .action(async ({ again }) => {
      const { printSheet, openPlace } = await load();
      console.log(await printSheet(await openPlace(loadComposition), { again: again === true }));
    });
}

/** What `pandect restore --at` takes. */
function describeRanges(ranges: readonly Range[]): string[] {
  const spans = ranges.filter(({ from, until }) => until > from);
  if (spans.length === 0) return ['Each can be restored as of its own moment'];
  return spans.map(
    ({ home, from, until }) =>
      `Any moment from ${dateTime(from.toISOString())} to ${dateTime(until.toISOString())} can be restored (home ${home})`,
  );
}

/** Most commands need nothing of this. */
const load = () => import('../../work-on-backups.ts');

const dumpNotice = `The database is not the platform's own: the backup holds a dump of it. It can be restored as of this moment, and not of
one in between; for that, use the backups of who runs the database.`;
