import { type Command, InvalidArgumentError } from 'commander';
import type { PruneAnswer } from '../../../supervisor/control/contract.ts';
import { ask } from '../../control-client.ts';
import { examples, print, table } from '../../output.ts';
import { bytes } from '../../quantities.ts';

interface Flags {
  keep: number;
  dryRun?: boolean;
  json?: boolean;
}

const PATIENCE_MS = 120_000;

export const prune = (program: Command) =>
  program
    .command('prune')
    .description(
      'Remove older releases, code compiled for them, and most of the rotated logs; nothing that serves or served last',
    )
    .option('--keep <n>', 'releases of each function and worker that stay, at least 2', readCount, 2)
    .option('--dry-run', 'only say what would be removed')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('pandect prune --dry-run', 'pandect prune', 'pandect prune --keep 5'))
    .action(async ({ keep, dryRun: isDryRun = false, json }: Flags) => {
      const answer = await ask<PruneAnswer>('POST', '/prune', { keep, isDryRun }, PATIENCE_MS);
      print(json, answer, describe(answer));
    });

function readCount(text: string): number {
  if (/^\d{1,3}$/.test(text) && Number(text) >= 2) return Number(text);
  throw new InvalidArgumentError('must be a number from 2 to 999.');
}

function describe({ rows, isDryRun, disk }: PruneAnswer): string {
  const room = `${bytes(disk.freeBytes)} of ${bytes(disk.totalBytes)} are free`;
  if (rows.length === 0) return `Nothing to remove; ${room}`;
  const sum = rows.reduce((total, row) => total + row.bytes, 0);
  const lines = rows.map((row) => [row.what, row.name, row.count, bytes(row.bytes)]);
  const end = isDryRun ? `${bytes(sum)} would be removed; ${room}` : `${bytes(sum)} removed; ${room}`;
  return `${table(['WHAT', 'NAME', 'COUNT', 'SIZE'], lines)}\n${end}`;
}
