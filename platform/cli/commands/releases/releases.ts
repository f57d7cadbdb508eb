import type { Command } from 'commander';
import type { ReleaseRow } from '../../../supervisor/control/contract.ts';
import { ask } from '../../control-client.ts';
import { examples, print, table } from '../../output.ts';
import { bytes, dateTime, duration } from '../../quantities.ts';

export const releases = (program: Command) =>
  program
    .command('releases <name>')
    .description('List the kept releases of a function, worker or site, newest first; * serves')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('pandect releases ask'))
    .action(async (name: string, { json }) => {
      const rows = await ask<ReleaseRow[]>('GET', `/releases/${encodeURIComponent(name)}`);
      const lines = rows.map((row) => [
        row.current ? '*' : '',
        row.release,
        row.revision,
        row.from,
        bytes(row.bytes),
        dateTime(row.builtAt),
        dateTime(row.deployedAt),
        row.deployedBy,
        duration(row.startMs),
      ]);
      print(json, rows, table(['', 'RELEASE', 'REVISION', 'FROM', 'SIZE', 'BUILT', 'DEPLOYED', 'BY', 'START'], lines));
    });
