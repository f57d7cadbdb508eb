import { type Command, InvalidArgumentError } from 'commander';
import { ask, SILENCE_MS } from '../../control-client.ts';
import type { RetentionPreviewRow, RetentionRow } from '../../operator-answers.ts';
import { examples, print, table } from '../../output.ts';
import { bytes, dateTime } from '../../quantities.ts';

const what = {
  audit: 'entries of the audit log',
  conversations: 'conversations, after their last question',
  replaced: 'replaced versions of documents',
  usage: 'single records of usage, by whole months',
} as const;

export function retention(program: Command): void {
  const command = program
    .command('retention')
    .description('Look after how long conversations, usage, replaced documents and the audit log are kept');

  command
    .command('show', { isDefault: true })
    .description('Show for how many days each is kept')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('pandect retention', 'pandect retention show --json'))
    .action(async ({ json }) => {
      const rows = await ask<RetentionRow[]>('GET', '/operator/retention');
      const lines = rows.map(({ kind, variable, days }) => [what[kind], days ?? 'all', variable]);
      print(json, rows, table(['WHAT', 'DAYS', 'SETTING'], lines));
    });

  const preview = command
    .command('preview')
    .description('Show what would be removed today, by the settings or by others that are tried; removes nothing')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('pandect retention preview', 'pandect retention preview --usage 400 --replaced 90'));
  for (const [kind, words] of Object.entries(what)) preview.option(`--${kind} <days>`, `days for ${words}`, wholeDays);
  preview.action(async ({ json, ...days }: { json?: boolean }) => {
    const rows = await ask<RetentionPreviewRow[]>('POST', '/operator/retention/preview', days, SILENCE_MS);
    const lines = rows.map((row) => [
      ...[what[row.kind], row.days ?? 'all', dateTime(row.keptSince ?? undefined), `${row.rows} of ${row.of}`],
      ...[bytes(row.bytes), dateTime(row.oldest ?? undefined)],
    ]);
    print(json, rows, table(['WHAT', 'DAYS', 'KEPT SINCE', 'REMOVED', 'SIZE', 'OLDEST'], lines));
  });
}

function wholeDays(typed: string): number {
  const days = Number(typed);
  if (!/^\d+$/.test(typed) || days < 1 || days > 36_500) {
    throw new InvalidArgumentError('Must be a number of days from 1 to 36500.');
  }
  return days;
}
