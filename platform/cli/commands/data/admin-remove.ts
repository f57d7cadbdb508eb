import type { Command } from 'commander';
import { ask } from '../../control-client.ts';
import type { Administrator } from '../../operator-answers.ts';
import { examples, print } from '../../output.ts';

export const adminRemove = (parent: Command) =>
  parent
    .command('remove <email>')
    .description(
      'Take the administration of the platform from a person; the account stays, its sessions and API keys end',
    )
    .option('--json', 'print JSON')
    .addHelpText('after', examples('pandect admin remove olga@example.org'))
    .action(async (email: string, { json }) => {
      const done = await ask<Omit<Administrator, 'password'>>('POST', '/operator/admin/remove', { email });
      const ended = `Sessions ended: ${done.sessions}. API keys revoked: ${done.keys}`;
      print(json, done, `"${done.email}" of "${done.organization}" no longer administers the platform. ${ended}`);
    });
