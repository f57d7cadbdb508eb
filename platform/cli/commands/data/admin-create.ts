import type { Command } from 'commander';
import { approve, describeAccount } from '../../approve.ts';
import { ask } from '../../control-client.ts';
import type { Administrator, ShownAccount } from '../../operator-answers.ts';
import { examples, print } from '../../output.ts';

export const adminCreate = (parent: Command) =>
  parent
    .command('create <email>')
    .description('Make a person an administrator of the platform, with a new account if there is none')
    .option('--unconfirmed', 'also an account whose address is not confirmed')
    .option('--yes', 'do not ask about an account that exists')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('pandect admin create olga@example.org'))
    .action(async (email: string, { unconfirmed = false, yes, json }) => {
      const account = await ask<ShownAccount | null>('POST', '/operator/admin/account', { email });
      if (account) {
        if (!account.confirmedAt && !unconfirmed) {
          console.error(describeAccount(account));
          throw new Error(
            `Create administrator "${email}": its address is not confirmed, so anybody can have registered it; pandect admin confirm, or --unconfirmed`,
          );
        }
        await approve(`Create administrator "${account.email}"`, describeAccount(account), yes);
      }
      const body = { email, account: account?.id ?? null, unconfirmed };
      const made = await ask<Administrator>('POST', '/operator/admin/create', body);
      const result =
        made.password === null
          ? `. Sessions ended: ${made.sessions}. API keys revoked: ${made.keys}. The rights begin with the next sign-in`
          : `\nIts password, shown this once: ${made.password}`;
      print(json, made, `"${made.email}" of "${made.organization}" administers the platform${result}`);
    });
