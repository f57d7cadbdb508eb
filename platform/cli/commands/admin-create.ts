import type { Command } from 'commander';
import { ask } from '../control-client.ts';
import { examples, print } from '../output.ts';

interface Administrator {
  email: string;
  organization: string;
  password: string | null;
}

export const adminCreate = (parent: Command) =>
  parent
    .command('create <email>')
    .description('Make this person an administrator of the platform, with a new account if there is none')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('pandect admin create olga@example.org'))
    .action(async (email: string, { json }) => {
      const made = await ask<Administrator>('POST', '/admin/create', { email });
      const account = made.password === null ? '' : `\nIts password, shown this once: ${made.password}`;
      print(json, made, `"${made.email}" of "${made.organization}" administers the platform${account}`);
    });
