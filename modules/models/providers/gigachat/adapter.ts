import type { Json } from '../../dialects/contract.ts';
import { objectsOf } from '../../dialects/json.ts';
import { createRefusal, unsupported } from '../../dialects/refuse.ts';
import type { Adapter, AdapterCall, EmbeddingsBody } from '../adapter.ts';
import { readEmbeddings } from '../openai/embeddings.ts';
import { postJson } from '../post-json.ts';
import { createCurrentTokens } from '../tokens/current-token.ts';
import type { TokenStore } from '../tokens/token-store.ts';
import { askToken, tokenKeyOf } from './access-token.ts';
import { countedTexts } from './counted-texts.ts';
import { gigaChatFailure, gigaChatFailureIn } from './failure-of.ts';
import { createPictures } from './pictures.ts';
import { gigaChatWire } from './wire.ts';

/**
 * GigaChat by its first API. Its keys are exchanged for tokens, and pictures are uploaded before a conversation refers to them.
 * @param store of tokens, best one that all processes share
 */
export function createGigaChatAdapter(store: TokenStore): Adapter {
  const tokens = createCurrentTokens(store);
  const pictures = createPictures();
  /** With which token a call was made, so that only that one is given up. */
  const used = new WeakMap<AdapterCall, string>();

  async function authorize(call: AdapterCall): Promise<string> {
    const { value } = await tokens.of(tokenKeyOf(call), () => askToken(call), call.signal);
    used.set(call, value);
    return `Bearer ${value}`;
  }

  async function attach(message: Json, authorization: string, call: AdapterCall): Promise<Json> {
    if (!Array.isArray(message.attachments)) return message;
    const attachments: string[] = [];
    for (const url of message.attachments) attachments.push(await pictures.upload(String(url), authorization, call));
    return { ...message, attachments };
  }

  return {
    kind: 'gigachat',
    wires: [gigaChatWire],
    async chat(_, body, call) {
      const authorization = await authorize(call);
      const { x_session_id: session, ...request } = body;
      const messages: Json[] = [];
      for (const message of objectsOf(request.messages)) messages.push(await attach(message, authorization, call));
      return postJson(
        `${call.provider.baseUrl}/chat/completions`,
        { authorization, ...sessionOf(session, call) },
        { ...request, model: call.model, messages },
      );
    },
    embeddings: {
      async write(body, call) {
        const written = writeEmbeddings(body, call);
        return postJson(`${call.provider.baseUrl}/embeddings`, { authorization: await authorize(call) }, written);
      },
      read: readEmbeddings,
    },
    async pass(operation, body, _, call) {
      if (operation !== 'count-tokens') throw unsupported(operation);
      const input = countedTexts(JSON.parse(body.toString()) as Json, call.model);
      const headers = { authorization: await authorize(call) };
      return postJson(`${call.provider.baseUrl}/tokens/count`, headers, { model: call.model, input });
    },
    failureOf: gigaChatFailure,
    failureIn: gigaChatFailureIn,
    async renew(call) {
      const value = used.get(call);
      if (value !== undefined) await tokens.refused(tokenKeyOf(call), value);
    },
  };
}

/** Requests of one session share a cache of prompts; callers name it by OpenAI's `prompt_cache_key`, where the provider allows it. */
const sessionOf = (session: unknown, { provider }: AdapterCall): Record<string, string> =>
  provider.options.sessions === true && typeof session === 'string' && /^[\w-]{1,64}$/.test(session)
    ? { 'x-session-id': session }
    : {};

/** @throws Problem unsupported-parameter for another length of vectors, and for tokens instead of texts */
function writeEmbeddings({ input, dimensions }: EmbeddingsBody, { model, drop }: AdapterCall): Json {
  if (dimensions !== undefined) createRefusal(drop)('dimensions');
  if (!input.every((text) => typeof text === 'string')) throw unsupported('input');
  return { model, input };
}
