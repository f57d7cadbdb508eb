import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Database } from '../../../db/client.ts';
import { requestIdOf } from '../../../modules/commerce/metering/request-id.ts';
import { type Gateway, takePlace } from '../../../modules/models/gateway/admit-call.ts';
import { callOnce } from '../../../modules/models/gateway/call-once.ts';
import { once } from '../../../modules/models/gateway/once.ts';
import type { ReadOperation } from '../../../modules/models/gateway/operations/contract.ts';
import { passCall } from '../../../modules/models/gateway/operations/pass-call.ts';
import { readJsonOperation } from '../../../modules/models/gateway/operations/read-json-operation.ts';
import { readTranscription } from '../../../modules/models/gateway/operations/read-transcription.ts';
import type { ImageCatalogue } from '../../../modules/models/images/catalogue.ts';
import { mayUseRoute } from '../../../modules/models/routing/may-use-route.ts';
import { type Idempotency, idempotentRequest } from '../../../platform/capabilities/idempotency/index.ts';
import { readIdempotencyKey } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import type { RouterEnv } from '../../../platform/runtime/http/router-env.ts';
import { answerCall, answerRead, type BegunCall, type SendLater } from '../begin-call.ts';
import { describeOperation } from '../describe.ts';
import { dialectOf } from '../dialect-of.ts';
import { type ImageRequest, readImageRequest } from '../read-image-request.ts';
import { createFormReceiver } from '../receive-form.ts';
import { sendAnswer } from '../send-answer.ts';
import { type MakeImagesDeps, makeImages } from './make-images.ts';

const transcription = describeOperation({
  ...{ method: 'post', path: '/v1/audio/transcriptions', operationId: 'createTranscription' },
  summary: "Write down what is said in a recording, in OpenAI's format",
  form: {
    file: z.any().openapi({ type: 'string', format: 'binary' }),
    model: z.string(),
    response_format: z.string().optional(),
    stream: z.enum(['true', 'false']).optional(),
  },
  types: ['text/plain', 'text/event-stream'],
});

const operations = [
  {
    operation: 'speech' as const,
    ...{ path: '/v1/audio/speech', operationId: 'createSpeech', summary: "Speak a text, in OpenAI's format" },
    body: { model: z.string(), input: z.string(), voice: z.string(), stream_format: z.string().optional() },
    types: ['audio/mpeg', 'text/event-stream'],
  },
  {
    operation: 'images' as const,
    ...{ path: '/v1/images/generations', operationId: 'createImage', summary: "Make pictures, in OpenAI's format" },
    body: { model: z.string(), prompt: z.string(), n: z.int().min(1).optional(), stream: z.boolean().optional() },
    types: ['text/event-stream'],
  },
  {
    operation: 'rerank' as const,
    ...{ path: '/v1/rerank', operationId: 'rerank', summary: "Sort texts by how well they answer, in Cohere's format" },
    body: { model: z.string(), query: z.string(), documents: z.array(z.string()), top_n: z.int().optional() },
  },
];

interface PassDeps extends MakeImagesDeps {
  gateway: Gateway;
  database: Database;
  idempotency: Idempotency;
  imageCatalogue: ImageCatalogue;
}

/** Speech, transcripts, pictures and reranking, whose requests and answers pass as they are. */
export function passOperations(router: Router, deps: PassDeps): void {
  for (const { operation, ...described } of operations) {
    router.openAPIRegistry.registerPath(describeOperation({ method: 'post', ...described }));
    router.post(described.path, (c) =>
      answerCall(c, deps.gateway, 'chat', async ({ json, ...call }) =>
        operation === 'images' && isOwn(deps, call, json.model)
          ? makeInPlace(c, deps, call, readImageRequest(json))
          : pass(c, deps, call, readJsonOperation(operation, json)),
      ),
    );
  }
  const receiveForm = createFormReceiver();
  router.openAPIRegistry.registerPath(transcription);
  router.post(transcription.path, (c) => {
    const read = ({ mediaBodyBytes }: { mediaBodyBytes: number }) => receiveForm(c, mediaBodyBytes);
    return answerRead(c, deps.gateway, 'chat', read, async ({ form, contentType, release, ...call }) => {
      try {
        return await pass(c, deps, call, readTranscription(form, contentType));
      } finally {
        release();
      }
    });
  });
}

/** Whether the service makes the pictures of a model itself. A route or a target with its name stands before it. */
const isOwn = ({ imageCatalogue }: PassDeps, { caller, configuration }: BegunCall, model: unknown): boolean =>
  typeof model === 'string' &&
  mayUseRoute(model, caller.gateway?.routes) &&
  configuration.route(model) === undefined &&
  imageCatalogue.find(model) !== undefined;

/** Like any call it takes one of its caller's places; its money are units of the generation. */
async function makeInPlace(
  c: Context<RouterEnv>,
  deps: PassDeps,
  call: BegunCall,
  request: ImageRequest,
): Promise<Response> {
  const place = await takePlace(deps.gateway, call.caller);
  try {
    call.onLimits({ requests: place.requests });
    return await makeImages(c, deps, call, request);
  } finally {
    place.release();
  }
}

async function pass(
  c: Context<RouterEnv>,
  { gateway, ...deps }: PassDeps,
  { time, ...call }: BegunCall,
  read: ReadOperation,
): Promise<Response | SendLater> {
  const key = readIdempotencyKey(c.req.header('idempotency-key'));
  const asked = {
    ...{ ...call, read, requestId: requestIdOf(call.caller, key) },
    // Who sent a key and lost the connection comes back with it, for the whole answer.
    ...(key !== undefined && { signal: time.over }),
  };
  const ask = () => passCall(gateway, asked);
  const request = idempotentRequest(key, c.req.path, ...read.fingerprint);
  const answer =
    key === undefined
      ? { made: await ask() }
      : await callOnce({ ...deps, ...gateway }, { ...call, request }, once(ask));
  c.header('x-content-type-options', 'nosniff');
  return sendAnswer(c, answer, { dialect: dialectOf(c.req.path), time });
}
