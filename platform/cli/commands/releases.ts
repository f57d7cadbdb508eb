import type { Command } from 'commander';
import { ask } from '../control-client.ts';
import { print, table } from '../output.ts';

interface ReleaseRow {
  release: string;
  builtAt: string;
  current: boolean;
  deployedAt?: string;
  startMs?: number;
}

export const releases = (program: Command) =>
  program
    .command('releases <name>')
    .description('List the kept releases of a function or worker, newest first')
    .option('--json', 'print JSON')
    .action(async (name: string, { json }) => {
      const rows = await ask<ReleaseRow[]>('GET', `/releases/${encodeURIComponent(name)}`);
      const lines = rows.map((row) => [row.current ? '*' : '', row.release, row.builtAt, row.deployedAt, row.startMs]);
      print(json, rows, table(['', 'RELEASE', 'BUILT', 'DEPLOYED', 'START MS'], lines));
    });
