import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { wholeNumber } from '../../change-options.ts';
import { ask } from '../../control-client.ts';
import type { LoggedCall } from '../../gateway-answers.ts';
import { examples, tinted } from '../../output.ts';
import { dateTime, duration } from '../../quantities.ts';

interface Flags {
  organization?: string;
  follow?: boolean;
  limit: number;
  json?: boolean;
}

const DAY_MS = 86_400_000;
/** A call stands in the books when it is over, at the time at which it began: longer than the longest. */
const LONGEST_CALL_MS = 3_600_000;
const LOOK_MS = 1000;
/** Of one look. */
const MOST_CALLS = 10_000;

export const calls = (parent: Command) =>
  parent
    .command('calls')
    .description('Look at the calls of models')
    .command('tail')
    .description('Print the last calls, one attempt a line, without a word of what was asked or answered')
    .option('--organization <id>', 'of this one alone')
    .option('--follow', 'continue with new ones until interrupted')
    .option('--limit <count>', 'at most so many of the last seven days', wholeNumber(1, MOST_CALLS), 20)
    .option('--json', 'print JSON, an object a line')
    .addHelpText(
      'after',
      examples('pandect gateway calls tail --follow', 'pandect gateway calls tail --limit 200 --json'),
    )
    .action(async ({ organization, follow, limit, json }: Flags) => {
      const look = (sinceMs: number, most: number) =>
        ask<LoggedCall[]>('POST', '/operator/gateway/calls', { organization, sinceMs, limit: most });
      const show = (call: LoggedCall) => console.log(json ? JSON.stringify(call) : describeCall(call));
      // What is older than the first look, and over by then, is not new.
      const seen = new Set((follow ? await look(LONGEST_CALL_MS, MOST_CALLS) : []).map(({ id }) => id));
      for (const call of await look(7 * DAY_MS, limit)) {
        seen.add(call.id);
        show(call);
      }
      while (follow) {
        await sleep(LOOK_MS);
        const found = await look(LONGEST_CALL_MS, MOST_CALLS);
        for (const call of found.filter(({ id }) => !seen.has(id))) show(call);
        for (const { id } of found) seen.add(id);
      }
    });

/** `2026-01-31 09:05:00  default → gpt  done 200  1204 + 85 tokens  312 ms to the first, 2.1 s  0.03420000 ₽` */
function describeCall(call: LoggedCall): string {
  const { createdAt, organizationId, route, target, attempt, outcome, status, promptTokens, completionTokens } = call;
  const times = [
    call.firstMs === null ? undefined : `${duration(call.firstMs)} to the first`,
    call.ms === null ? undefined : duration(call.ms),
  ];
  return [
    dateTime(createdAt),
    organizationId.slice(0, 8),
    `${route ?? '?'} → ${target ?? '?'}${attempt > 1 ? ` (attempt ${attempt})` : ''}`,
    [tinted(outcome), status].filter((part) => part !== null).join(' '),
    `${promptTokens} + ${completionTokens} tokens${call.isEstimated ? ', estimated' : ''}`,
    times.filter((part) => part !== undefined).join(', '),
    `${call.cost} ₽`,
  ].join('  ');
}
