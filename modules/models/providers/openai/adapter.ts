import type { Wire } from '../../dialects/contract.ts';
import type { Adapter, AdapterCall, Operation } from '../adapter.ts';
import { failureInAnswer } from '../failure/upstream-failure.ts';
import { kindRules } from '../kinds.ts';
import { passThrough } from '../pass-through.ts';
import { postJson } from '../post-json.ts';
import { readEmbeddings, writeEmbeddings } from './embeddings.ts';
import { openAiFailure } from './failure-of.ts';
import { adaptChat, isReasoningModel, quirksOf } from './quirks.ts';

/**
 * Any server that speaks OpenAI's protocol: OpenAI, DeepSeek, Qwen, vLLM, Ollama, OpenRouter and others. What sets them apart are options of
 * their provider, see `quirks.ts`.
 * @param wires of chat completions and responses
 */
export function createOpenAiAdapter(wires: readonly Wire[]): Adapter {
  return {
    kind: 'openai',
    defaultBaseUrl: kindRules.openai.defaultBaseUrl,
    wires,
    async chat(wire, body, call) {
      const { provider, model, drop } = call;
      if (wire.name === 'responses')
        return postJson(`${provider.baseUrl}/responses`, headersOf(call), { ...body, model });
      const isReasoning = isReasoningModel(model, provider.options);
      const adapted = adaptChat({ ...body, model }, quirksOf(provider), isReasoning, drop);
      return postJson(`${provider.baseUrl}/chat/completions`, headersOf(call), adapted);
    },
    embeddings: {
      write: async (body, call) =>
        postJson(`${call.provider.baseUrl}/embeddings`, headersOf(call), writeEmbeddings(body, call.model)),
      read: readEmbeddings,
    },
    async pass(operation, body, contentType, call) {
      const path = operationPath(operation, contentType);
      return passThrough(`${call.provider.baseUrl}${path}`, headersOf(call), { body, contentType, model: call.model });
    },
    failureOf: openAiFailure,
    failureIn: (answer) => failureInAnswer(answer, openAiFailure),
  };
}

/** Servers of one's own often want no key. */
function headersOf({ key, provider }: AdapterCall): Record<string, string> {
  const { organization, project } = provider.options;
  return {
    ...(key.secret !== '' && { authorization: `Bearer ${key.secret}` }),
    ...(typeof organization === 'string' && { 'openai-organization': organization }),
    ...(typeof project === 'string' && { 'openai-project': project }),
  };
}

const paths: Readonly<Record<Operation, string>> = {
  chat: '/chat/completions',
  embeddings: '/embeddings',
  'count-tokens': '/responses/input_tokens',
  speech: '/audio/speech',
  transcription: '/audio/transcriptions',
  images: '/images/generations',
  rerank: '/rerank',
};

/** Where an operation is below the address of a server; a form with pictures asks to change them. */
export const operationPath = (operation: Operation, contentType: string): string =>
  operation === 'images' && contentType.startsWith('multipart/') ? '/images/edits' : paths[operation];
