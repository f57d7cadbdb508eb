import type { Command } from 'commander';
import { ask, SILENCE_MS } from '../../control-client.ts';
import type { TriedRoute } from '../../gateway-answers.ts';
import { examples, print, table, tinted } from '../../output.ts';
import { duration } from '../../quantities.ts';

export const test = (parent: Command) =>
  parent
    .command('test <route>')
    .description('Ask a route one short thing and show how each target answered; status 1 when none did')
    .option('--stream', 'have the answer streamed')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('pandect gateway test default', 'pandect gateway test default --stream'))
    .action(async (route: string, { stream = false, json }) => {
      const tried = await ask<TriedRoute>('POST', '/operator/gateway/test', { route, stream }, SILENCE_MS);
      print(json, tried, describe(tried));
      if (!tried.isOk) process.exitCode = 1;
    });

function describe({ route, isOk, problem, ms, attempts }: TriedRoute): string {
  const rows = attempts.map(({ target, provider, model, outcome, status, code, firstMs, ms, usage, cost }) => [
    target,
    provider,
    model,
    [tinted(outcome), status, code].filter((part) => part !== undefined).join(' '),
    duration(firstMs),
    duration(ms),
    usage && `${usage.input} + ${usage.output}`,
    cost && `${cost} ₽`,
  ]);
  const header = ['TARGET', 'PROVIDER', 'MODEL', 'OUTCOME', 'FIRST', 'IN ALL', 'TOKENS', 'COST'];
  const end = isOk ? `Route "${route}" answers, in ${duration(ms)}` : `Route "${route}" does not answer: ${problem}`;
  return rows.length > 0 ? `${table(header, rows)}\n${end}` : end;
}
