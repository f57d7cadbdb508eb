import type { Command } from 'commander';
import { ask } from '../../control-client.ts';
import type { ShownRoute } from '../../gateway-answers.ts';
import { examples, print, table } from '../../output.ts';

export const routes = (command: Command) =>
  command
    .command('routes')
    .description('List the routes in effect with their targets')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('pandect gateway routes', 'pandect gateway routes --json'))
    .action(async ({ json }) => {
      const rows = await ask<ShownRoute[]>('GET', '/operator/gateway/routes');
      const lines = rows.flatMap(({ route, strategy, targets }) =>
        targets.map(({ target, provider, model, weight, keys }, index) => [
          index === 0 ? route : '',
          index === 0 ? strategy : '',
          target,
          provider,
          model,
          strategy === 'weighted' ? weight : undefined,
          keys === 0 ? 'its keys are missing' : undefined,
        ]),
      );
      print(json, rows, table(['ROUTE', 'STRATEGY', 'TARGET', 'PROVIDER', 'MODEL', 'WEIGHT', 'PROBLEM'], lines));
    });
