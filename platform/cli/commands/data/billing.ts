import type { Command } from 'commander';
import { ask, SILENCE_MS } from '../../control-client.ts';
import type { Discrepancy } from '../../operator-answers.ts';
import { examples, print, table } from '../../output.ts';

export function billing(program: Command): void {
  program
    .command('billing')
    .description('Look after what organizations owe and pay')
    .command('check')
    .description('Look for contradictions between invoices, payments and the ledger; exits with 1 when there are any')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('pandect billing check', 'pandect billing check --json'))
    .action(async ({ json }) => {
      const found = await ask<Discrepancy[]>('GET', '/operator/billing/discrepancies', undefined, SILENCE_MS);
      const lines = found.map(({ check: name, subject, detail }) => [name, subject, detail]);
      print(json, found, found.length === 0 ? 'The books agree' : table(['CHECK', 'SUBJECT', 'DETAIL'], lines));
      if (found.length > 0) process.exitCode = 1;
    });
}
