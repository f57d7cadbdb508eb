import type { Command } from 'commander';
import { wholeNumber } from '../../change-options.ts';
import { ask } from '../../control-client.ts';
import type { ShownKey } from '../../gateway-answers.ts';
import { examples, print, table } from '../../output.ts';
import { dateTime } from '../../quantities.ts';

interface Flags {
  organization?: string;
  limit: number;
  json?: boolean;
}

export function keys(parent: Command): void {
  const command = parent
    .command('keys')
    .description('List API keys that may call models, the last used first, with their budgets and refusals')
    .option('--organization <id>', 'of this one alone')
    .option('--limit <count>', 'at most so many', wholeNumber(1, 1_000), 50)
    .option('--json', 'print JSON')
    .addHelpText('after', examples('pandect gateway keys', 'pandect gateway keys --limit 500 --json'))
    .action(async ({ organization, limit, json }: Flags) => {
      const rows = await ask<ShownKey[]>('POST', '/operator/gateway/keys', { organization, limit });
      const lines = rows.map((key) => [
        ...[key.id, key.prefix, key.name, key.organization, dateTime(key.lastUsedAt ?? undefined)],
        ...[key.budgets.map(describeBudget).join('; ') || undefined, key.refused.today, key.refused.yesterday],
      ]);
      const header = ['ID', 'KEY', 'NAME', 'ORGANIZATION', 'LAST USED', 'BUDGETS', '429 TODAY', 'YESTERDAY'];
      print(json, rows, rows.length > 0 ? table(header, lines) : 'No key may call models');
    });
  command
    .command('revoke <id>')
    .description('Revoke an API key of any organization, which reads the reason in its audit log')
    .requiredOption('--reason <text>', 'why')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples('pandect gateway keys revoke 0b5c3f0e-7d0c-4a52-9f0a-2f1d8f6a3c11 --reason "Found in a repository"'),
    )
    .action(async (id: string, { reason, json }) => {
      const revoked = await ask<{ id: string }>('POST', '/operator/gateway/keys/revoke', { id, reason });
      print(json, revoked, `The key "${revoked.id}" is revoked`);
    });
}

/** `day: 12.5 of 100 ₽, 900 of 5000 tokens (soft)` */
function describeBudget(budget: ShownKey['budgets'][number]): string {
  const parts = [
    budget.limitCost === null ? undefined : `${budget.spentCost} of ${budget.limitCost} ₽`,
    budget.limitTokens === null ? undefined : `${budget.spentTokens} of ${budget.limitTokens} tokens`,
  ];
  const spent = parts.filter((part) => part !== undefined).join(', ');
  return `${budget.window}: ${spent}${budget.hard ? '' : ' (soft)'}`;
}
