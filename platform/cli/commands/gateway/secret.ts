import type { Command } from 'commander';
import { ask } from '../../control-client.ts';
import type { ShownSecret } from '../../gateway-answers.ts';
import { examples, print, table } from '../../output.ts';
import { dateTime } from '../../quantities.ts';
import { readSecret } from '../../read-secret.ts';

export function secret(parent: Command): void {
  const command = parent
    .command('secret')
    .description(
      'Keys of providers that are kept encrypted in the database; the configuration names them by secret: NAME',
    )
    .addHelpText('after', examples('pandect gateway secret set anthropic < key.txt', 'pandect gateway secret list'));

  command
    .command('set <name>')
    .description('Enter a key, on the terminal or standard input; in effect within a second')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples('pandect gateway secret set anthropic', 'pandect gateway secret set anthropic < key.txt'),
    )
    .action(async (name: string, { json }) => {
      const body = { name, secret: await readSecret(`Key "${name}": `) };
      const kept = await ask<ShownSecret>('POST', '/operator/gateway/secrets/set', body);
      print(json, kept, `Secret "${kept.name}" is kept; it ends with ${kept.last4}`);
    });

  command
    .command('list')
    .description('List them by name, with the last four characters')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('pandect gateway secret list'))
    .action(async ({ json }) => {
      const rows = await ask<ShownSecret[]>('GET', '/operator/gateway/secrets');
      const lines = rows.map(({ name, last4, createdAt }) => [name, last4, dateTime(createdAt)]);
      print(json, rows, rows.length > 0 ? table(['NAME', 'ENDS WITH', 'ENTERED'], lines) : 'No secret was entered');
    });

  command
    .command('remove <name>')
    .description('Forget one that the configuration does not name')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('pandect gateway secret remove anthropic'))
    .action(async (name: string, { json }) => {
      const removed = await ask<{ name: string }>('POST', '/operator/gateway/secrets/remove', { name });
      print(json, removed, `Secret "${removed.name}" is removed`);
    });
}
