import type { Command } from 'commander';
import type { ProcessRow } from '../../../supervisor/control/contract.ts';
import { ask } from '../../control-client.ts';
import { complain, examples, print, table, tinted } from '../../output.ts';
import { bytes, duration, seconds } from '../../quantities.ts';

export const ps = (program: Command) =>
  program
    .command('ps')
    .description('List the processes of the platform')
    .option('--check', 'end with status 1 when something that has to run does not')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('pandect ps', 'pandect ps --json', 'pandect ps --check'))
    .action(async ({ json, check }) => {
      const rows = await ask<ProcessRow[]>('GET', '/ps');
      const lines = rows.map((row) => [
        row.name,
        row.kind,
        tinted(row.state),
        row.release,
        row.from,
        row.pid || '',
        bytes(row.memoryBytes),
        duration(row.startMs),
        seconds(row.uptimeSeconds),
        row.restarts,
      ]);
      const header = ['NAME', 'KIND', 'STATE', 'RELEASE', 'FROM', 'PID', 'MEMORY', 'START', 'UP', 'RESTARTS'];
      print(json, rows, [table(header, lines), ...heldBack(rows)].join('\n'));
      const ill = check ? notRunning(rows) : [];
      if (ill.length === 0) return;
      complain(`Check platform: ${ill.join(', ')}`);
      process.exitCode = 1;
    });

/** What has fewer processes than it should, each with the reason. */
export const heldBack = (rows: readonly Pick<ProcessRow, 'name' | 'held'>[]): string[] => [
  ...new Set(rows.flatMap(({ name, held }) => (held === undefined ? [] : [`${name}: ${held}`]))),
];

/** What keeps crashing or is down, each with its state. */
export const notRunning = (rows: readonly Pick<ProcessRow, 'name' | 'state'>[]): string[] =>
  rows.flatMap(({ name, state }) =>
    ['backing off', 'down', 'not built'].includes(state) ? [`${name} is ${state}`] : [],
  );
