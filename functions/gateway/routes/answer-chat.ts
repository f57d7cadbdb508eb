import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Database } from '../../../db/client.ts';
import { requestIdOf } from '../../../modules/commerce/metering/request-id.ts';
import type { Dialect } from '../../../modules/models/dialects/contract.ts';
import type { Gateway } from '../../../modules/models/gateway/admit-call.ts';
import { type AskedModel, callModel } from '../../../modules/models/gateway/call-model.ts';
import { callOnce } from '../../../modules/models/gateway/call-once.ts';
import { once } from '../../../modules/models/gateway/once.ts';
import { readChat } from '../../../modules/models/gateway/read-chat.ts';
import { type Idempotency, idempotentRequest } from '../../../platform/capabilities/idempotency/index.ts';
import { readIdempotencyKey } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import type { RouterEnv } from '../../../platform/runtime/http/router-env.ts';
import { answerCall } from '../begin-call.ts';
import { readCacheSeconds } from '../cache-seconds.ts';
import { anthropicError, describeOperation } from '../describe.ts';
import { dialectOf } from '../dialect-of.ts';
import { sendAnswer } from '../send-answer.ts';

const operations = [
  {
    path: '/v1/chat/completions',
    operationId: 'createChatCompletion',
    summary: "Continue a conversation, in the format of OpenAI's chat completions",
    body: { model: z.string(), messages: z.array(z.looseObject({ role: z.string() })), stream: z.boolean().optional() },
  },
  {
    path: '/v1/responses',
    operationId: 'createResponse',
    summary: "Continue a conversation, in the format of OpenAI's responses",
    body: {
      model: z.string(),
      input: z.union([z.string(), z.array(z.looseObject({}))]),
      stream: z.boolean().optional(),
    },
  },
  {
    path: '/v1/messages',
    operationId: 'createMessage',
    summary: "Continue a conversation, in the format of Anthropic's messages",
    error: anthropicError,
    body: {
      model: z.string(),
      max_tokens: z.int().min(1),
      messages: z.array(z.looseObject({ role: z.enum(['user', 'assistant']) })),
      stream: z.boolean().optional(),
    },
  },
];

interface ChatDeps {
  gateway: Gateway;
  database: Database;
  idempotency: Idempotency;
}

/** One operation in the formats of OpenAI and Anthropic. */
export function answerChat(router: Router, deps: ChatDeps): void {
  for (const operation of operations) {
    const types = ['text/event-stream'];
    router.openAPIRegistry.registerPath(describeOperation({ method: 'post', ...operation, types }));
    const dialect = dialectOf(operation.path);
    router.post(operation.path, (c) => answer(c, deps, dialect));
  }
}

const answer = (c: Context<RouterEnv>, deps: ChatDeps, dialect: Dialect): Promise<Response> =>
  answerCall(c, deps.gateway, dialect.name, async ({ json: body, time, ...call }) => {
    const key = readIdempotencyKey(c.req.header('idempotency-key'));
    const asked: AskedModel = {
      ...{ ...call, dialect, body, read: readChat(dialect.name, body), requestId: requestIdOf(call.caller, key) },
      cacheSeconds: readCacheSeconds(c.req.header('x-pandect-cache')),
      headers: passedOn(c),
      // Who sent a key and lost the connection comes back with it, for the whole answer.
      ...(key !== undefined && { signal: time.over }),
    };
    const ask = () => callModel(deps.gateway, asked);
    const request = idempotentRequest(key, c.req.path, body);
    const answered =
      key === undefined
        ? { made: await ask() }
        : await callOnce({ ...deps, ...deps.gateway }, { ...call, request }, once(ask));
    return sendAnswer(c, answered, { dialect, time });
  });

/** Names of betas with dates, or the ids of a trace. */
const plainHeader = /^[\w .,;=-]{1,512}$/;

/** All that a caller can say to an upstream besides the body. */
const passedOn = (c: Context): Record<string, string> =>
  Object.fromEntries(
    ['anthropic-beta', 'openai-beta', 'traceparent'].flatMap((name) => {
      const value = c.req.header(name);
      return value !== undefined && plainHeader.test(value) ? [[name, value]] : [];
    }),
  );
