import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { ask, SILENCE_MS } from '../../control-client.ts';
import type { ImportedPrices, TargetPrice } from '../../gateway-answers.ts';
import { examples, print, table } from '../../output.ts';
import { dateTime } from '../../quantities.ts';

interface Flags {
  rate: string;
  only?: string[];
  dryRun?: boolean;
  json?: boolean;
}

export function prices(parent: Command): void {
  const command = parent.command('prices').description('Prices of models');
  for (const add of [list, importList]) add(command);
}

const list = (parent: Command) =>
  parent
    .command('list')
    .description('What calls of each target are charged with, in roubles for a million tokens')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('pandect gateway prices list', 'pandect gateway prices list --json'))
    .action(async ({ json }: Flags) => {
      const rows = await ask<TargetPrice[]>('GET', '/operator/gateway/prices');
      const lines = rows.map(({ target, price, routes, now, isCeiling, next }) => [
        ...[target, price, routes.join(', ') || undefined, now?.prompt, now?.completion],
        now === null ? 'it has no price: calls are refused' : isCeiling ? 'the price of * applies' : undefined,
        dateTime(next?.validFrom),
      ]);
      print(json, rows, table(['TARGET', 'PRICE', 'ROUTES', 'PROMPT', 'COMPLETION', 'PROBLEM', 'CHANGES'], lines));
    });

const importList = (parent: Command) =>
  parent
    .command('import <file>')
    .description('Set prices from the public price list, which is in dollars for a token')
    .requiredOption('--rate <roubles>', 'roubles for a dollar, such as 92.5')
    .option('--only <models...>', 'these models alone')
    .option('--dry-run', 'show what would be set, and set nothing')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples(
        'pandect gateway prices import model_prices_and_context_window.json --rate 92.5 --only gpt-5-mini',
        'pandect gateway prices import prices.json --rate 92.5 --dry-run',
      ),
    )
    .action(async (file: string, { rate, only, dryRun = false, json }: Flags) => {
      const body = { list: await readList(file), rate, dryRun, ...(only && { only }) };
      const report = await ask<ImportedPrices>('POST', '/operator/gateway/prices/import', body, SILENCE_MS);
      print(json, report, describe(report, dryRun));
    });

async function readList(file: string): Promise<object> {
  const text = await readFile(file, 'utf8');
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`Read "${file}": it is no JSON`);
  }
}

function describe({ taken, leftOut }: ImportedPrices, dryRun: boolean): string {
  const ignored = taken.filter((each) => each.ignored.length > 0);
  return [
    ...ignored.map((each) => `${each.model}: without ${each.ignored.join(', ')}`),
    ...leftOut.map(({ model, why }) => `${model}: left out, it ${why}`),
    `${taken.length} prices ${dryRun ? 'would be set' : 'are set'}, ${leftOut.length} left out`,
  ].join('\n');
}
