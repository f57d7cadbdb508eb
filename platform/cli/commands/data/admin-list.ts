import type { Command } from 'commander';
import { ask } from '../../control-client.ts';
import type { ShownAccount } from '../../operator-answers.ts';
import { print, table } from '../../output.ts';

export const adminList = (parent: Command) =>
  parent
    .command('list')
    .description('Show who administers the platform')
    .option('--json', 'print JSON')
    .action(async ({ json }) => {
      const rows = await ask<ShownAccount[]>('GET', '/operator/admin/administrators');
      const lines = rows.map(({ email, organization, role, createdAt, confirmedAt }) => [
        ...[email, organization, role, createdAt.slice(0, 10)],
        confirmedAt ? 'confirmed' : 'not confirmed',
      ]);
      print(json, rows, table(['E-MAIL', 'ORGANIZATION', 'ROLE', 'REGISTERED', 'ADDRESS'], lines));
    });
