import type { Command } from 'commander';
import { operator } from '../operator.ts';
import { examples } from '../output.ts';
import { showChange } from '../show-change.ts';

interface Flags {
  end?: boolean;
  json?: boolean;
}

export const preview = (program: Command) =>
  program
    .command('preview <name> [release]')
    .description('Serve a release, or a build of the checkout, at an address of its own and print the address')
    .option('--end', 'end this preview, or all previews of the function')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples('curl $(pandect preview health)/health', 'pandect preview ask 1a2b3c4d5e6f', 'pandect preview ask --end'),
    )
    .action(async (unit: string, release: string | undefined, { end, json }: Flags) => {
      const path = end ? '/preview/end' : '/preview';
      // Only the address belongs to standard output, so that a script can take it from there.
      const output = end ? process.stdout : process.stderr;
      const { ok, events } = await showChange(path, { unit, release, by: operator() }, { json, output });
      const address = events.findLast(({ step }) => step === 'preview')?.message;
      if (ok && address && !end && !json) console.log(address);
    });
