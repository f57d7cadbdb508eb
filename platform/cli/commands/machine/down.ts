import type { Command } from 'commander';
import { endPlatform } from '../../end-platform.ts';
import { createLiveLine } from '../../live-line.ts';
import { examples, print } from '../../output.ts';

export const down = (program: Command) =>
  program
    .command('down')
    .description('End the platform with everything that belongs to it, also what a killed one left running')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('pandect down'))
    .action(async ({ json }) => {
      const line = json ? undefined : createLiveLine(process.stdout);
      line?.show('Ending');
      const result = await endPlatform((step) => line?.print(step)).finally(() => line?.end());
      const text = {
        stopped: 'Pandect is down',
        'cleaned-up': 'Ended what was left running',
        idle: 'Nothing was running',
      };
      print(json, { result }, text[result]);
    });
