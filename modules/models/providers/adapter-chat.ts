import { OutboundFull } from '../../../platform/capabilities/outbound/places.ts';
import { isProblem, Problem } from '../../../platform/kernel/problem.ts';
import { AiFailure } from '../ai-failure.ts';
import type { ChatModel, ChatRequest } from '../chat/chat-model.ts';
import type { ChatBody, ChatChunk, Json } from '../dialects/contract.ts';
import { invalidUpstreamAnswer } from '../problems.ts';
import { admitAlways } from '../upstream/admission.ts';
import { EventFramer } from '../upstream/event-framer.ts';
import type { Transport } from '../upstream/transport.ts';
import { TransportFailure } from '../upstream/transport-failure.ts';
import { openCall } from '../upstream/upstream-call.ts';
import type { Watchdog } from '../upstream/watchdog.ts';
import type { Adapter, AdapterCall, FailureReason, Provider, ProviderKey, UpstreamResponse } from './adapter.ts';
import { chatBody } from './openai/chat-body.ts';
import { readChat } from './openai/read-chat.ts';
import { readErrorText, readSmallBody } from './read-small-body.ts';
import { UpstreamError } from './upstream-error.ts';

export interface AdapterChatOptions {
  adapter: Adapter;
  provider: Provider;
  key: ProviderKey;
  transport: Transport;
}

/**
 * Chat with any provider that has an adapter. The caller finds out whether the provider may be asked now. What a model cannot do, such as a
 * temperature, is left out.
 */
export function createAdapterChat({ adapter, provider, key, transport }: AdapterChatOptions): ChatModel {
  const { firstMs, idleMs, totalMs } = provider.timeouts;
  return {
    async *stream(request, { signal }) {
      const action = `Ask model "${request.model}" of "${provider.name}"`;
      const settle = admitAlways(request.model);
      const call = openCall({ action, settle, totalMs, caller: signal, toFailure });
      try {
        call.watchdog.arm(firstMs);
        const asked: AdapterCall = {
          ...{ provider, key, model: request.model, signal: call.watchdog.signal, drop: () => {} },
          send: (sent) => transport.send(provider, sent, call.watchdog.signal),
        };
        const chunks = readChunks(adapter, await ask(adapter, asked, request, action), action);
        yield* readChat(chunks, request, call.watchdog, idleMs);
        call.succeed();
      } catch (error) {
        throw call.fail(error);
      } finally {
        call.close();
      }
    },
  };
}

const wireOf = ({ wires }: Adapter) => {
  const wire = wires.find(({ name }) => name === 'chat') ?? wires[0];
  if (!wire) throw new Error('Ask by an adapter: it has no format of conversations');
  return wire;
};

/** The head of an answer that is a stream; a token that has expired is renewed once. @throws UpstreamError */
async function ask(
  adapter: Adapter,
  call: AdapterCall,
  request: ChatRequest,
  action: string,
): Promise<UpstreamResponse> {
  const wire = wireOf(adapter);
  const { stream: _, ...body } = chatBody(request);
  const written = wire.writeRequest(body as ChatBody, { model: call.model, stream: true, drop: call.drop });
  for (let isRenewed = false; ; isRenewed = true) {
    const response = await call.send(await adapter.chat(wire, written, call));
    if (isStream(response)) return response;
    const failure = await readFailure(adapter, response);
    if (failure?.code !== 'token_expired' || isRenewed || !adapter.renew) {
      throw new UpstreamError(action, failure ?? { reason: 'broken', status: response.status });
    }
    await adapter.renew(call);
  }
}

const isStream = ({ status, headers }: UpstreamResponse): boolean =>
  status === 200 && /^text\/event-stream\b/i.test(headers['content-type'] ?? '');

async function readFailure(adapter: Adapter, { status, headers, body }: UpstreamResponse) {
  if (status !== 200) return adapter.failureOf(status, headers, await readErrorText(body));
  const text = await readSmallBody(body);
  try {
    return adapter.failureIn?.(JSON.parse(text) as Json);
  } catch {
    return undefined;
  }
}

/** @throws AiFailure `withdrawn` for an error inside the stream; Problem invalid-upstream-answer */
async function* readChunks(adapter: Adapter, { body }: UpstreamResponse, action: string): AsyncGenerator<ChatChunk> {
  const wire = wireOf(adapter);
  const reader = wire.createReader();
  const framer = new EventFramer();
  try {
    for await (const bytes of body) {
      for (const { event } of framer.push(bytes as Buffer)) {
        if (!event) continue;
        const error = wire.meaningOf(event)?.error;
        if (error) throw new AiFailure('withdrawn', `${action}: error in the stream, ${error.code}`);
        yield* reader.read(event);
      }
    }
    yield* reader.end();
  } finally {
    body.destroy();
  }
}

const reasons: Readonly<Record<FailureReason, AiFailure['reason']>> = {
  unreachable: 'unreachable',
  overloaded: 'overloaded',
  broken: 'broken',
  timeout: 'timeout',
  'rate-limited': 'overloaded',
  'key-refused': 'refused',
  refused: 'refused',
  'too-long': 'refused',
  cancelled: 'cancelled',
};

/** Of what an upstream says only its codes are kept: its words may repeat what users wrote. */
function toFailure(error: unknown, verdict: ReturnType<Watchdog['verdict']>, action: string): AiFailure {
  if (verdict) return new AiFailure(verdict, `${action}: ${verdict}`);
  if (error instanceof AiFailure) return error;
  if (error instanceof UpstreamError) {
    const { reason, status, code } = error.failure;
    const words = [status === undefined ? reason : `status ${status}`, ...(code === undefined ? [] : [code])];
    return new AiFailure(reasons[reason], `${action}: ${words.join(', ')}`, { upstream: error.failure });
  }
  if (error instanceof TransportFailure) return new AiFailure(error.reason, `${action}: ${error.code}`);
  if (error instanceof OutboundFull) return new AiFailure('overloaded', error.message, { upstream: 'not-asked' });
  // What the caller asks cannot be said to this provider.
  const isRefused = error instanceof Problem && !isProblem(error, invalidUpstreamAnswer);
  const name = error instanceof Error ? error.message : typeof error;
  return new AiFailure(
    isRefused ? 'refused' : 'broken',
    `${action}: ${error instanceof Problem ? name : 'unreadable'}`,
  );
}
