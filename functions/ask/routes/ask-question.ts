import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import { requestIdOf } from '../../../modules/commerce/metering/index.ts';
import {
  budgetExceeded,
  dailyQuestionsUsed,
  monthlyQuestionsUsed,
  planLimitReached,
  priceMissing,
  tokensPerMinuteUsed,
  tooManyQuestionsAtOnce,
} from '../../../modules/commerce/problems.ts';
import { sourcesOf } from '../../../modules/legal/answers/source-schema.ts';
import type { AskEvent } from '../../../modules/legal/asking/index.ts';
import {
  type AskDeps,
  answerOnce,
  answerQuestion,
  answerSchema,
  askEventsSchema,
  type OnceDeps,
  type ShownAnswer,
  toShownPassage,
} from '../../../modules/legal/asking/index.ts';
import { answerInterrupted, answerStopped } from '../../../modules/legal/problems.ts';
import { aiBrokeOff, aiFailed } from '../../../modules/models/problems.ts';
import { organizationSuspended } from '../../../modules/people/problems.ts';
import { idempotentRequest } from '../../../platform/capabilities/idempotency/index.ts';
import { toProblemDocument } from '../../../platform/kernel/problem.ts';
import {
  idempotencyConflict,
  idempotencyMismatch,
  notFound,
  unauthenticated,
} from '../../../platform/kernel/problems.ts';
import { resultOf } from '../../../platform/kernel/result-of.ts';
import {
  bearer,
  bodyProblems,
  eventStream,
  idempotencyHeader,
  json,
  jsonBody,
  problemSchema,
  problems,
  words,
} from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import type { RouterEnv } from '../../../platform/runtime/http/router-env.ts';
import { toProblem } from '../../../platform/runtime/http/to-problem.ts';
import manifest from '../function.ts';

const route = createRoute({
  method: 'post',
  path: '/api/ask',
  operationId: 'ask',
  tags: ['ask'],
  summary: 'Ask a question about your documents',
  description:
    'With `stream: true` the answer comes as server-sent events: `passages`, `delta` (pieces of the answer), `citations` (the final answer with its citations), `usage`, `done` (the whole answer object), or `error` with a problem document. A request with an `Idempotency-Key` is answered to its end though its client leaves; repeated with the same body, it gets the events of the answer in progress from the first one on, or the stored answer. `DELETE /api/ask/{key}` stops it. Every question that is answered counts against the plan, one from the cache as well; one that got no answer is given back. What it costs counts for the budgets of the organization, of the key and of the model.',
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
      content: { ...json(answerSchema, '').content, ...eventStream('AskEvents') },
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
      budgetExceeded,
      aiFailed,
      aiBrokeOff,
      answerStopped,
      answerInterrupted,
      priceMissing,
    ),
  },
});

const events = askEventsSchema.extend({ error: problemSchema }).partial();

type Asked = AsyncGenerator<AskEvent, ShownAnswer>;

export function askQuestion(router: Router, deps: AskDeps & OnceDeps): void {
  router.openAPIRegistry.register('AskEvents', events);
  router.openapi(route, async (c) => {
    const { stream, ...question } = c.req.valid('json');
    const request = idempotentRequest(c.req.valid('header')['idempotency-key'], route.path, question);
    const { caller, language } = c.var;
    const requestId = requestIdOf(caller, request.key);
    const seconds = manifest.timeout;
    async function* ask(): Asked {
      const once = { owner: caller, request, client: c.req.raw.signal, seconds, showsEvents: stream };
      const { answer, citations, ...rest } = yield* answerOnce(deps, once, (keep, stop) =>
        answerQuestion(deps, caller, question, { requestId, client: stop, seconds, keep }),
      );
      const sources = await deps.database.tenant(caller.organizationId, (tx) => sourcesOf(tx, citations, language));
      return { answer, citations, sources, ...rest };
    }
    if (stream) return (await streamAnswer(c, ask())) as never;
    return c.json(await resultOf(ask()), 200);
  });
}

/**
 * Sends the answer as it comes. The first event is awaited before the stream opens, so that what is refused before
 * any work is an ordinary problem response with its status. It is read to its end even when the client has left or is slow: the
 * answer is settled all the same, and what the client has not taken yet waits to be sent.
 */
async function streamAnswer(c: Context<RouterEnv>, asked: Asked): Promise<Response> {
  const first = await asked.next();
  return streamSSE(c, async (stream) => {
    let sent = Promise.resolve();
    const send = (event: string, data: unknown) => {
      sent = sent.then(() => stream.writeSSE({ event, data: JSON.stringify(data) }));
    };
    try {
      let next = first;
      for (; !next.done; next = await asked.next()) {
        if (next.value.type === 'delta') send('delta', { text: next.value.text });
        else send('passages', { passages: next.value.passages.map(toShownPassage) });
      }
      const { answer, citations, sources, answered, usage } = next.value;
      send('citations', { answer, citations, sources, answered });
      send('usage', usage);
      send('done', next.value);
    } catch (error) {
      const problem = toProblem(error);
      c.var.log[stream.aborted || problem.status < 500 ? 'info' : 'error'](
        { error, problem: problem.type },
        'Answer broke off',
      );
      send('error', toProblemDocument(problem, c.var.language, c.var.requestId));
    }
    await sent;
  });
}
