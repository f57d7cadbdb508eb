import type { Command } from 'commander';
import type { ChangeEvent, Status } from '../../../supervisor/control/contract.ts';
import { ask } from '../../control-client.ts';
import { operator } from '../../operator.ts';
import { examples } from '../../output.ts';
import { showChange } from '../../show-change.ts';

interface Flags {
  end?: boolean;
  json?: boolean;
}

export const preview = (program: Command) =>
  program
    .command('preview <name> [release]')
    .description('Serve a release, or a build of the checkout, at an address of its own and print where')
    .option('--end', 'end this preview, or all previews of the function')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples('pandect preview ask', 'pandect preview ask 1a2b3c4d5e6f', 'pandect preview ask --end'),
    )
    .action(async (unit: string, release: string | undefined, { end, json }: Flags) => {
      const body = { unit, release, by: operator() };
      if (end) {
        await showChange('/preview/end', body, { json });
        return;
      }
      const { url } = await ask<Status>('GET', '/status');
      const addresses = (events: readonly ChangeEvent[]) =>
        (events.findLast(({ step }) => step === 'preview')?.message?.split(' ') ?? []).map((path) => url + path);
      // Only addresses belong to standard output, so that a script can take them from there.
      const { events } = await showChange('/preview', body, {
        json,
        output: process.stderr,
        result: (events) => ({ addresses: addresses(events) }),
      });
      if (!json) for (const address of addresses(events)) console.log(address);
    });
