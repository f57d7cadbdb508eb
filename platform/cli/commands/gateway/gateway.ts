import type { Command } from 'commander';
import { examples } from '../../output.ts';
import { apply } from './apply.ts';
import { breakers } from './breakers.ts';
import { calls } from './calls.ts';
import { keys } from './keys.ts';
import { prices } from './prices.ts';
import { rollback } from './rollback.ts';
import { routes } from './routes.ts';
import { secret } from './secret.ts';
import { show } from './show.ts';
import { test } from './test.ts';
import { versions } from './versions.ts';

export function gateway(program: Command): void {
  const command = program
    .command('gateway')
    .description('Configure the AI gateway: its providers, models, routes and keys; look at its calls')
    .addHelpText(
      'after',
      examples(
        'pandect gateway apply gateway.yaml --dry-run',
        'pandect gateway secret set anthropic < key.txt',
        'pandect gateway rollback 3',
      ),
    );
  for (const add of [apply, show, versions, rollback, routes, test, secret, breakers, calls, keys, prices])
    add(command);
}
