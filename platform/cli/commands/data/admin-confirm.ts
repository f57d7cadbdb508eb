import type { Command } from 'commander';
import { approve, describeAccount } from '../../approve.ts';
import { ask } from '../../control-client.ts';
import type { ConfirmedAccount, ShownAccount } from '../../operator-answers.ts';
import { examples, print } from '../../output.ts';

export const adminConfirm = (parent: Command) =>
  parent
    .command('confirm <email>')
    .description("Confirm an account's address where no e-mail can do it; its sessions and API keys end")
    .option('--new-password', 'also replace its password with one that is shown once')
    .option('--yes', 'do not ask')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples('pandect admin confirm olga@example.org', 'pandect admin confirm olga@example.org --new-password'),
    )
    .action(async (email: string, { newPassword = false, yes, json }) => {
      const account = await ask<ShownAccount | null>('POST', '/operator/admin/account', { email });
      if (!account) throw new Error(`Confirm address "${email}": no account has this address`);
      await approve(`Confirm address "${account.email}"`, describeAccount(account), yes);
      const body = { email, account: account.id, newPassword };
      const done = await ask<ConfirmedAccount>('POST', '/operator/admin/confirm', body);
      const password = done.password === null ? '' : `\nIts new password, shown this once: ${done.password}`;
      const ended = `Sessions ended: ${done.sessions}. API keys revoked: ${done.keys}`;
      print(json, done, `"${done.email}" is confirmed. ${ended}${password}`);
    });
