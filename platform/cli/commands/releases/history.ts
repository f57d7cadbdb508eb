import type { Command } from 'commander';
import type { HistoryRow } from '../../../supervisor/control/contract.ts';
import { ask } from '../../control-client.ts';
import { examples, print, table, tinted } from '../../output.ts';
import { bytes, dateTime, duration } from '../../quantities.ts';

const header = ['AT', 'ACTION', 'RELEASE', 'BY', 'REVISION', 'SIZE', 'START', 'OUTCOME', 'REASON'];

export const history = (program: Command) =>
  program
    .command('history <name>')
    .description('List the changes of a function, worker or site, newest first')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('pandect history ask'))
    .action(async (name: string, { json }) => {
      const rows = await ask<HistoryRow[]>('GET', `/history/${encodeURIComponent(name)}`);
      const lines = rows.map((row) => [
        dateTime(row.at),
        row.action,
        row.release,
        row.by,
        row.revision,
        bytes(row.bytes),
        duration(row.startMs),
        tinted(row.outcome),
        row.reason,
      ]);
      print(json, rows, table(header, lines));
    });
