import type { Command } from 'commander';
import type { Discrepancy } from '../../../modules/commerce/billing/index.ts';
import { ask } from '../control-client.ts';
import { examples, print, table } from '../output.ts';

export function billing(program: Command): void {
  program
    .command('billing')
    .description('Look after what organizations owe and pay')
    .command('check')
    .description('Look for contradictions between invoices, payments and the ledger; exits with 1 when there are any')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('pandect billing check', 'pandect billing check --json'))
    .action(async ({ json }) => {
      const found = await check();
      const lines = found.map(({ check: name, subject, detail }) => [name, subject, detail]);
      print(json, found, found.length === 0 ? 'The books agree' : table(['CHECK', 'SUBJECT', 'DETAIL'], lines));
      if (found.length > 0) process.exitCode = 1;
    });
}

/** The libraries are loaded only for what needs them; a command at the platform's own socket may use the owner's database. */
async function check(): Promise<Discrepancy[]> {
  const { url } = await ask<{ url: string }>('GET', '/database');
  const { createDatabase } = await import('../../../db/client.ts');
  const { checkBooks } = await import('../../../modules/commerce/billing/index.ts');
  const database = createDatabase({ url, connections: 1, applicationName: 'pandect billing' });
  try {
    return await database.transaction(checkBooks);
  } finally {
    await database.close();
  }
}
