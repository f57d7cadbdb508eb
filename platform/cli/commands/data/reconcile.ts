import type { Command } from 'commander';
import { type RestoredRecord, readRestored, removeRestored } from '../../../backup/restore/restored-record.ts';
import type { LoadComposition, Verdict } from '../../../kernel/composition.ts';
import { ask, askIfRunning, currentHome } from '../../control-client.ts';
import { examples, print } from '../../output.ts';
import { dateTime } from '../../quantities.ts';
import { describeVerdicts } from '../../verdicts.ts';

interface Flags {
  release?: boolean;
  deleteOrphans?: boolean;
  ignoreFailures?: boolean;
  json?: boolean;
}

/** Of documents without a file, and of files without a row. */
interface Counts {
  missing: number;
  orphans: number;
}

export const reconcile = (program: Command, loadComposition: LoadComposition) =>
  program
    .command('reconcile')
    .description('After a restore: show what is held and what differs, then release it')
    .option('--release', 'let letters, charges and bot messages go; with it the restore is decided')
    .option('--delete-orphans', 'with --release: delete files that no row knows, instead of keeping them')
    .option('--ignore-failures', 'with --release: also when something could not be set right')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples('pandect reconcile', 'pandect reconcile --release', 'pandect reconcile --release --delete-orphans'),
    )
    .action(async ({ release = false, deleteOrphans = false, ignoreFailures = false, json }: Flags) => {
      if (deleteOrphans && !release) throw new Error('Reconcile: --delete-orphans is decided together with --release');
      if (ignoreFailures && !release) throw new Error('Reconcile: --ignore-failures belongs to --release');
      const home = await currentHome();
      const record = await readRestored(home);
      if (!record) return print(json, { restored: null }, 'Nothing is to be decided: no restore waits here');
      const { settleAgain } = await import('../../work-on-backups.ts');
      const after = await settleAgain(loadComposition, home, record.at);
      if (!release) {
        const counts = await askIfRunning<Counts>('/operator/files/counts');
        return print(json, { restored: record, files: counts ?? null, after }, describe(record, counts, after));
      }
      if (!ignoreFailures) requireSettled(after);
      const counts = await ask<Counts>('GET', '/operator/files/counts');
      for (const queue of record.held) await ask('POST', '/queues/resume', { queue });
      if (deleteOrphans) await ask('POST', '/operator/files/delete-orphans', {});
      await removeRestored(home);
      const orphans = `${counts.orphans} files without a row ${deleteOrphans ? 'will be deleted' : 'are kept'}`;
      print(
        json,
        { released: record.held, files: counts, deleteOrphans, after },
        `Released: ${record.held.join(', ')}; ${orphans}`,
      );
    });

/** What is released cannot be taken back: a charge that the provider has had already would be made again. */
function requireSettled(after: Readonly<Record<string, Verdict>>): void {
  const failed = Object.entries(after).filter(([, { state }]) => state === 'fail');
  if (failed.length === 0) return;
  const lines = failed.map(([name, { detail }]) => `  ${name}: ${detail}`);
  throw new Error(
    `Reconcile: not everything could be set right:\n${lines.join('\n')}\nTry again when that is mended; --ignore-failures releases all the same`,
  );
}

function describe(
  { backup, at, restoredAt, held }: RestoredRecord,
  counts: Counts | undefined,
  after: Record<string, Verdict>,
): string {
  return [
    `Restored at ${dateTime(restoredAt)} from backup ${backup}, which is as of ${dateTime(at)}`,
    `Held: ${held.join(', ')}. Their jobs: pandect jobs list; those that must not be done again: pandect jobs discard`,
    counts === undefined
      ? 'Files: start the platform to see which rows and files differ'
      : `Files: ${counts.missing} documents miss theirs (pandect files missing), ${counts.orphans} files have no row (pandect files orphans list)`,
    ...describeVerdicts(after),
    'When all is decided: pandect reconcile --release',
  ].join('\n');
}
