import type { Database } from '../../../db/client.ts';
import type { CallEndpoint } from '../../../db/schema/models/batches.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { invalidRequest, rateLimited } from '../../../platform/kernel/problems.ts';
import type { Caller } from '../../../platform/runtime/http/caller.ts';
import { findCaller } from '../../people/identity/index.ts';
import type { GatewayConfiguration } from '../configuration/contract.ts';
import type { Dialect, Json } from '../dialects/contract.ts';
import { dialects } from '../dialects/index.ts';
import type { AskedCall, CallLimits, Gateway } from '../gateway/admit-call.ts';
import { callModel } from '../gateway/call-model.ts';
import { embed, readEmbeddings } from '../gateway/embed.ts';
import { findRoute } from '../gateway/find-route.ts';
import { readChat } from '../gateway/read-chat.ts';
import type { CallMaker, MadeAnswer, MadeCall } from './call-maker.ts';
import { BACKGROUND_SHARE } from './share.ts';

/** Seconds that one call may take; models that think answer after minutes. */
const CALL_SECONDS = 840;
/** What live calls are left of a caller's limits of a minute, as a part of them. */
const LEFT_TO_LIVE = 4;

const dialectOf = (endpoint: CallEndpoint): Dialect => (endpoint === 'responses' ? dialects.responses : dialects.chat);

/** What a call needs before it is accepted: a format that is right, and a model that the caller may use. @throws Problem */
export function checkCall(
  configuration: GatewayConfiguration,
  caller: Caller,
  endpoint: CallEndpoint,
  body: Json,
): { model: string } {
  if (body.stream === true)
    throw new Problem(invalidRequest, { errors: [{ path: 'body.stream', message: 'is not possible here' }] });
  const { model } = endpoint === 'embeddings' ? readEmbeddings(body) : readChat(dialectOf(endpoint).name, body);
  findRoute(configuration, caller, model);
  return { model };
}

/** Makes calls as the gateway makes those whose callers wait. */
export function createCallMaker(gateway: Gateway, database: Database): CallMaker {
  const rests = new Map<string, number>();
  const turns = createTurns();
  const restMs = (caller: Pick<MadeCall, 'keyId' | 'userId'>) =>
    Math.max(0, (rests.get(callerName(caller)) ?? 0) - performance.now());
  return {
    restMs,
    async make(call) {
      using turn = await turns.take(callerName(call));
      if (restMs(call) > 0) throw restingFor(restMs(call));
      const caller = await findCaller(database, call);
      const configuration = await gateway.configurations.of(call.organizationId);
      const over = AbortSignal.any([call.signal, AbortSignal.timeout(CALL_SECONDS * 1000)]);
      const onLimits = (limits: CallLimits) => {
        note(rests, callerName(call), limits);
        turn[Symbol.dispose]();
      };
      const asked = { caller, configuration, requestId: call.requestId, signal: over, seconds: CALL_SECONDS, onLimits };
      try {
        const ask = call.endpoint === 'embeddings' ? embedNow : chatNow;
        return await ask(gateway, { ...asked, endpoint: call.endpoint, text: call.body });
      } finally {
        // What is written down of the call from here on follows its charge.
        await Promise.allSettled(gateway.inProgress);
        await gateway.metering.flush();
      }
    },
    async limit() {
      const { limits } = await gateway.configurations.platform();
      return Math.max(1, Math.floor(limits.concurrent / BACKGROUND_SHARE));
    },
  };
}

const callerName = ({ keyId, userId }: Pick<MadeCall, 'keyId' | 'userId'>) => keyId ?? userId ?? '';

/** Calls of one caller are admitted one after another, so that each knows what those before it left. */
function createTurns() {
  const last = new Map<string, Promise<void>>();
  return {
    /** Waits for its turn, which ends when it is disposed of. */
    async take(caller: string): Promise<Disposable> {
      const before = last.get(caller);
      const { promise, resolve } = Promise.withResolvers<void>();
      last.set(caller, promise);
      await before;
      return {
        [Symbol.dispose]() {
          if (last.get(caller) === promise) last.delete(caller);
          resolve();
        },
      };
    },
  };
}

function restingFor(ms: number): Problem {
  const seconds = Math.ceil(ms / 1000);
  const resetAt = new Date(Date.now() + ms).toISOString();
  return new Problem(rateLimited, {
    parameters: { seconds, policy: 'key', resetAt },
    headers: { 'retry-after': String(seconds) },
  });
}

/** Has the next calls of a caller wait for another minute when live ones could run out of this one. */
function note(rests: Map<string, number>, caller: string, { requests, tokens }: CallLimits): void {
  for (const left of [requests, tokens])
    if (left && left.remaining <= left.limit / LEFT_TO_LIVE) rests.set(caller, performance.now() + left.resetMs);
}

interface AskedNow extends AskedCall {
  endpoint: CallEndpoint;
  text: string;
}

async function chatNow(gateway: Gateway, { text, endpoint, ...asked }: AskedNow): Promise<MadeAnswer> {
  const dialect = dialectOf(endpoint);
  const body = JSON.parse(text) as Json;
  const read = readChat(dialect.name, body);
  const bytes = Buffer.byteLength(text);
  const answered = await callModel(gateway, { ...asked, dialect, body, read, bytes, cacheSeconds: undefined });
  if (answered.kind !== 'whole') throw new Error('Make call: the answer is a stream');
  await answered.settled;
  return { status: answered.status, answer: answered.body.toString('utf8') };
}

async function embedNow(gateway: Gateway, { text, endpoint: _, ...asked }: AskedNow): Promise<MadeAnswer> {
  const read = readEmbeddings(JSON.parse(text) as Json);
  const { status, body } = await embed(gateway, { ...asked, read, bytes: Buffer.byteLength(text) });
  return { status, answer: body.toString('utf8') };
}
