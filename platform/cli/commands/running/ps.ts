import type { Command } from 'commander';
import type { ProcessRow } from '../../../supervisor/control/contract.ts';
import { ask } from '../../control-client.ts';
import { examples, print, table, tinted } from '../../output.ts';
import { bytes, duration, seconds } from '../../quantities.ts';

export const ps = (program: Command) =>
  program
    .command('ps')
    .description('List the processes of the platform')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('pandect ps', 'pandect ps --json'))
    .action(async ({ json }) => {
      const rows = await ask<ProcessRow[]>('GET', '/ps');
      const lines = rows.map((row) => [
        row.name,
        row.kind,
        tinted(row.state),
        row.release,
        row.pid || '',
        bytes(row.memoryBytes),
        duration(row.startMs),
        seconds(row.uptimeSeconds),
        row.restarts,
      ]);
      const header = ['NAME', 'KIND', 'STATE', 'RELEASE', 'PID', 'MEMORY', 'START', 'UP', 'RESTARTS'];
      print(json, rows, table(header, lines));
    });
