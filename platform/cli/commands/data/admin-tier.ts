import type { Command } from 'commander';
import { ask } from '../../control-client.ts';
import { examples, print } from '../../output.ts';

export const adminTier = (parent: Command) =>
  parent
    .command('tier <owner-email> <tier>')
    .description('Put the organization of this owner on a plan: demo, basic, professional or enterprise')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('pandect admin tier olga@example.org professional'))
    .action(async (email: string, tier: string, { json }) => {
      const result = await ask<{ organization: string; tier: string }>('POST', '/operator/admin/tier', { email, tier });
      print(json, result, `Organization "${result.organization}" is on the plan ${result.tier}`);
    });
