import type { Command } from 'commander';
import type { KillRow } from '../../../supervisor/control/contract.ts';
import { ask } from '../../control-client.ts';
import { examples, print, table } from '../../output.ts';
import { dateTime } from '../../quantities.ts';

export const kills = (program: Command) =>
  program
    .command('kills [name]')
    .description('List processes that crashed or were ended for what they did, with the reason, newest first')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('pandect kills', 'pandect kills ingest'))
    .action(async (name: string | undefined, { json }) => {
      const query = name === undefined ? '' : `?unit=${encodeURIComponent(name)}`;
      const rows = await ask<KillRow[]>('GET', `/kills${query}`);
      const lines = rows.map((row) => [dateTime(row.at), row.unit, row.release, row.pid, row.reason, row.detail]);
      const text = table(['AT', 'NAME', 'RELEASE', 'PID', 'REASON', 'DETAIL'], lines);
      print(json, rows, rows.length === 0 ? 'No process crashed or had to be ended' : text);
    });
