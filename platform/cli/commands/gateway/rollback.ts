import type { Command } from 'commander';
import { wholeNumber } from '../../change-options.ts';
import { ask } from '../../control-client.ts';
import type { AppliedConfiguration } from '../../gateway-answers.ts';
import { operator } from '../../operator.ts';
import { examples, print } from '../../output.ts';
import { describeApplied } from './apply.ts';
import { MOST_VERSIONS } from './versions.ts';

export const rollback = (command: Command) =>
  command
    .command('rollback')
    .argument('<version>', 'as pandect gateway versions lists it', wholeNumber(1, MOST_VERSIONS))
    .description('Put an earlier configuration in effect again, as a new version')
    .option('--dry-run', 'show what would change, and change nothing')
    .option('--comment <text>', 'why')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('pandect gateway rollback 3', 'pandect gateway rollback 3 --dry-run'))
    .action(async (version: number, { dryRun = false, comment, json }) => {
      const body = { version, by: operator(), dryRun, ...(comment !== undefined && { comment }) };
      const applied = await ask<AppliedConfiguration>('POST', '/operator/gateway/roll-back', body);
      print(json, applied, describeApplied(applied, dryRun));
    });
