import type { Command } from 'commander';
import type { ProcessRow } from '../../supervisor/control.ts';
import { ask } from '../control-client.ts';
import { print, table } from '../output.ts';

export const ps = (program: Command) =>
  program
    .command('ps')
    .description('List the processes of the platform')
    .option('--json', 'print JSON')
    .action(async ({ json }) => {
      const rows = await ask<ProcessRow[]>('GET', '/ps');
      const lines = rows.map((row) => [
        row.name,
        row.kind,
        row.state,
        row.release,
        row.pid,
        row.startMs,
        row.uptimeSeconds,
        row.restarts,
      ]);
      print(json, rows, table(['NAME', 'KIND', 'STATE', 'RELEASE', 'PID', 'START MS', 'UP S', 'RESTARTS'], lines));
    });
