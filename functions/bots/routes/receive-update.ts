import { setTimeout as sleep } from 'node:timers/promises';
import type { Receiver } from '../../../modules/bots/updates/create-receiver.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { malformedJson, notFound, unavailable } from '../../../platform/kernel/problems.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

const PATH = '/api/bots/:id/telegram';
/** Telegram sends an update again that is not answered with success. */
const LONGEST_MS = 900;

/**
 * Takes the updates that Telegram sends: stored, or sent again by Telegram. It stands in no description of the API: its address and secret are told
 * to Telegram alone. What Telegram waits for is a call of the Bot API in the answer.
 */
export function receiveUpdate(router: Router, { receiver }: { receiver: Receiver }): void {
  router.post(PATH, async (c) => {
    const secret = c.req.header('x-telegram-bot-api-secret-token') ?? '';
    const body: unknown = await c.req.json().catch((cause: unknown) => {
      throw cause instanceof SyntaxError ? new Problem(malformedJson, { cause }) : cause;
    });
    const over = new AbortController();
    const received = receiver.receive(c.req.param('id'), secret, body).finally(() => over.abort());
    const late = sleep(LONGEST_MS, 'late' as const, { signal: over.signal }).catch(() => received);
    const outcome = await Promise.race([received, late]);
    if (outcome === 'unknown') throw new Problem(notFound);
    if (outcome === 'late')
      throw new Problem(unavailable, { parameters: { seconds: 1 }, headers: { 'retry-after': '1' } });
    return c.json(outcome ? { method: outcome.method, ...outcome.params } : {}, 200);
  });
}
