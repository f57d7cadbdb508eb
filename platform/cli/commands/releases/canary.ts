import type { Command } from 'commander';
import { wholeNumber } from '../../change-options.ts';
import { operator } from '../../operator.ts';
import { examples } from '../../output.ts';
import { showChange } from '../../show-change.ts';

export const canary = (program: Command) =>
  program
    .command('canary <name>')
    .argument(
      '<percent>',
      'from 1 to 99, in steps of 5; a caller stays with the release that first served it',
      wholeNumber(1, 99),
    )
    .description('Change the share of callers that the canary of a function gets; see deploy --canary')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('pandect canary ask 50'))
    .action(async (unit: string, percent: number, { json }) => {
      await showChange('/canary', { unit, percent, by: operator() }, { json });
    });
