import { type Command, Option } from 'commander';
import { wholeNumber } from '../../change-options.ts';
import { ask } from '../../control-client.ts';
import { type ImageRow, imageStates } from '../../operator-answers.ts';
import { examples, print, table, tinted } from '../../output.ts';
import { dateTime } from '../../quantities.ts';

const someId = '0b5c3f0e-7d0c-4a52-9f0a-2f1d8f6a3c11';

export function images(program: Command): void {
  const command = program
    .command('images')
    .description('Look at the generations of images, without a word of what was asked for, and cancel some')
    .addHelpText(
      'after',
      examples(
        'pandect images list --status running',
        `pandect images show ${someId}`,
        `pandect images cancel ${someId}`,
      ),
    );
  for (const add of [list, show, cancel]) add(command);
}

function list(command: Command): void {
  command
    .command('list')
    .description('List generations, newest first')
    .addOption(new Option('--status <status>', 'only those').choices(imageStates))
    .option('--organization <id>', 'of this one alone')
    .option('--limit <count>', 'at most so many', wholeNumber(1, 1_000), 50)
    .option('--json', 'print JSON')
    .addHelpText('after', examples('pandect images list', 'pandect images list --status failed --limit 200 --json'))
    .action(async ({ status, organization, limit, json }) => {
      const rows = await ask<ImageRow[]>('POST', '/operator/images/list', { status, organization, limit });
      const lines = rows.map((row) => [
        ...[row.id, tinted(row.status), row.reason ?? undefined, row.model, `${row.width}×${row.height}`],
        ...[String(row.count), String(row.units), dateTime(row.createdAt), dateTime(row.endedAt ?? undefined)],
        row.organizationId,
      ]);
      const header = ['ID', 'STATUS', 'REASON', 'MODEL', 'SIZE', 'COUNT', 'UNITS', 'CREATED', 'ENDED', 'ORGANIZATION'];
      print(json, rows, rows.length > 0 ? table(header, lines) : 'No generation is as asked for');
    });
}

function show(command: Command): void {
  command
    .command('show <id>')
    .description('Show one generation')
    .option('--json', 'print JSON')
    .addHelpText('after', examples(`pandect images show ${someId}`))
    .action(async (id: string, { json }) => {
      const row = await ask<ImageRow>('POST', '/operator/images/show', { id });
      const lines = Object.entries(row).map(([name, value]) => [
        name,
        name.endsWith('At') && value !== null ? dateTime(String(value)) : (value ?? undefined),
      ]);
      print(json, row, table(['FIELD', 'VALUE'], lines));
    });
}

function cancel(command: Command): void {
  command
    .command('cancel <id>')
    .description('Cancel one generation: at once while it waits, else by asking its provider')
    .option('--json', 'print JSON')
    .addHelpText('after', examples(`pandect images cancel ${someId}`))
    .action(async (id: string, { json }) => {
      const row = await ask<ImageRow>('POST', '/operator/images/cancel', { id });
      const isAsked = row.endedAt === null;
      print(json, row, `${id} ${isAsked ? 'is to be cancelled; its provider is asked' : `is "${row.status}"`}`);
    });
}
