import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import { requestIdOf } from '../../../modules/commerce/metering/index.ts';
import {
  dailyQuestionsUsed,
  monthlyQuestionsUsed,
  planLimitReached,
  priceMissing,
  tokensPerMinuteUsed,
  tooManyQuestionsAtOnce,
} from '../../../modules/commerce/problems.ts';
import { sourcesOf } from '../../../modules/legal/answers/source-schema.ts';
import { aiBrokeOff, aiFailed } from '../../../modules/models/problems.ts';
import { organizationSuspended } from '../../../modules/people/problems.ts';
import { type Idempotency, idempotentRequest } from '../../../platform/capabilities/idempotency/index.ts';
import { toProblemDocument } from '../../../platform/kernel/problem.ts';
import {
  idempotencyConflict,
  idempotencyMismatch,
  notFound,
  unauthenticated,
} from '../../../platform/kernel/problems.ts';
import {
  bearer,
  bodyProblems,
  idempotencyHeader,
  json,
  jsonBody,
  problems,
  words,
} from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import type { RouterEnv } from '../../../platform/runtime/http/router-env.ts';
import { toProblem } from '../../../platform/runtime/http/to-problem.ts';
import { type Answer, answerSchema, type ShownAnswer, toShownPassage } from '../answer.ts';
import { type AskDeps, answerQuestion } from '../answer-question.ts';
import manifest from '../function.ts';
import type { AskEvent } from '../produce-answer.ts';

const route = createRoute({
  method: 'post',
  path: '/api/ask',
  tags: ['ask'],
  summary: 'Ask a question about your documents',
  description:
    'With `stream: true` the answer comes as server-sent events: `passages`, `delta` (pieces of the answer), `citations` (the final answer with its citations), `usage`, `done` (the whole answer object), or `error` with a problem document. Every question that is answered counts against the plan, one from the cache as well; one that got no answer is given back.',
  security: bearer,
  request: {
    headers: idempotencyHeader,
    body: jsonBody(
      z.strictObject({
        question: words(4000),
        documentIds: z.array(z.uuid()).min(1).max(100).optional(),
        conversationId: z.uuid().optional(),
        stream: z.boolean().default(false),
      }),
    ),
  },
  responses: {
    200: {
      content: { ...json(answerSchema, '').content, 'text/event-stream': { schema: z.string() } },
      description: 'The answer, or its events',
    },
    ...problems(
      ...bodyProblems,
      unauthenticated,
      notFound,
      idempotencyConflict,
      idempotencyMismatch,
      organizationSuspended,
      planLimitReached,
      dailyQuestionsUsed,
      monthlyQuestionsUsed,
      tooManyQuestionsAtOnce,
      tokensPerMinuteUsed,
      aiFailed,
      aiBrokeOff,
      priceMissing,
    ),
  },
});

type Ask = (onEvent: (event: AskEvent) => Promise<void>) => Promise<ShownAnswer>;

export function askQuestion(router: Router, deps: AskDeps & { idempotency: Idempotency }): void {
  router.openapi(route, async (c) => {
    const { stream, ...question } = c.req.valid('json');
    const request = idempotentRequest(c.req.valid('header')['idempotency-key'], route.path, question);
    // Who sent a key and lost the connection comes back with it, for the whole answer.
    const client = request.key === undefined ? c.req.raw.signal : undefined;
    const { timeout: seconds } = manifest;
    const requestId = requestIdOf(c.var.caller, request.key);
    const ask: Ask = async (onEvent) => {
      const { caller, language } = c.var;
      const { answer, citations, ...rest } = await deps.idempotency.once<Answer>(caller, request, (keep) =>
        answerQuestion(deps, caller, question, { onEvent, requestId, client, seconds, keep }),
      );
      const sources = await deps.database.tenant(caller.organizationId, (tx) => sourcesOf(tx, citations, language));
      return { answer, citations, sources, ...rest };
    };
    if (stream) return streamAnswer(c, ask) as never;
    return c.json(await ask(async () => {}), 200);
  });
}

/**
 * Sends the answer as it comes. The first event is awaited before the stream opens, so that what is refused before
 * any work is an ordinary problem response with its status.
 */
async function streamAnswer(c: Context<RouterEnv>, ask: Ask): Promise<Response> {
  const events: AskEvent[] = [];
  let wake = () => {};
  const done = ask(async (event) => {
    events.push(event);
    wake();
  });
  let settled = false;
  const ended = done.then(
    () => {},
    () => {},
  );
  void ended.then(() => {
    settled = true;
    wake();
  });
  await new Promise<void>((resolve) => {
    wake = resolve;
    if (events.length > 0 || settled) resolve();
  });
  if (events.length === 0) await done;

  return streamSSE(c, async (stream) => {
    const send = (event: string, data: unknown) => stream.writeSSE({ event, data: JSON.stringify(data) });
    while (true) {
      for (let event = events.shift(); event; event = events.shift()) {
        if (event.type === 'delta') await send('delta', { text: event.text });
        else await send('passages', { passages: event.passages.map(toShownPassage) });
      }
      if (settled) break;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    try {
      const answer = await done;
      const { citations, sources, answered } = answer;
      await send('citations', { answer: answer.answer, citations, sources, answered });
      await send('usage', answer.usage);
      await send('done', answer);
    } catch (error) {
      const problem = toProblem(error);
      c.var.log[stream.aborted ? 'info' : 'error']({ error, problem: problem.type }, 'Answer broke off');
      await send('error', toProblemDocument(problem, c.var.language, c.var.requestId));
    }
  });
}
