import type { Json, Wire } from '../../dialects/contract.ts';
import { createRefusal } from '../../dialects/refuse.ts';
import type { Adapter, AdapterCall, EmbeddingsBody, Operation, ProviderKind } from '../adapter.ts';
import { failureInAnswer } from '../failure/upstream-failure.ts';
import { passThrough } from '../pass-through.ts';
import { postJson } from '../post-json.ts';
import { withoutOurs } from '../without-ours.ts';
import { readEmbeddings, writeEmbeddings } from './embeddings.ts';
import { openAiFailure } from './failure-of.ts';
import { adaptChat, isReasoningModel, quirksOf } from './quirks.ts';

/** What sets a provider apart that speaks OpenAI's protocol. */
export interface CompatibleRules {
  kind: ProviderKind;
  wires: readonly Wire[];
  /** @param path such as `/chat/completions` */
  urlOf(path: string, call: AdapterCall): string;
  headersOf(call: AdapterCall): Record<string, string>;
  /** The model as the provider names it; default: as the configuration does. */
  modelOf?(operation: Operation, call: AdapterCall): string;
  /** What else changes in a chat completion. */
  adapt?(body: Json, call: AdapterCall): Json;
  /** Parameters of embeddings that it refuses. */
  refusedByEmbeddings?: readonly ('dimensions' | 'user')[];
  failureOf?: Adapter['failureOf'];
}

export function createCompatibleAdapter(rules: CompatibleRules): Adapter {
  const { kind, wires, urlOf, headersOf, failureOf = openAiFailure } = rules;
  const modelOf = rules.modelOf ?? ((_, call) => call.model);
  return {
    kind,
    wires,
    async chat(wire, given, call) {
      const body = { ...given, model: modelOf('chat', call) };
      if (wire.name === 'responses') return postJson(urlOf('/responses', call), headersOf(call), withoutOurs(body));
      const { provider, drop } = call;
      const adapted = adaptChat(body, quirksOf(provider), isReasoningModel(call.model, provider.options), drop);
      return postJson(urlOf('/chat/completions', call), headersOf(call), rules.adapt?.(adapted, call) ?? adapted);
    },
    embeddings: {
      async write(body, call) {
        const known = withoutRefused(body, rules.refusedByEmbeddings ?? [], call);
        const written = writeEmbeddings(known, modelOf('embeddings', call));
        return postJson(urlOf('/embeddings', call), headersOf(call), written);
      },
      read: readEmbeddings,
    },
    async pass(operation, body, contentType, call) {
      const request = { body, contentType, model: modelOf(operation, call) };
      return passThrough(urlOf(operationPath(operation, contentType), call), headersOf(call), request);
    },
    failureOf,
    failureIn: (answer) => failureInAnswer(answer, failureOf),
  };
}

/** Who calls, as `user`, is only of use to the provider; other vectors than those asked for would be of none to the caller. */
function withoutRefused(
  { user, dimensions, input }: EmbeddingsBody,
  refused: readonly string[],
  { drop }: AdapterCall,
): EmbeddingsBody {
  const isRefused = dimensions !== undefined && refused.includes('dimensions');
  if (isRefused) createRefusal(drop)('dimensions');
  return {
    input,
    ...(dimensions !== undefined && !isRefused && { dimensions }),
    ...(user !== undefined && !refused.includes('user') && { user }),
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
const operationPath = (operation: Operation, contentType: string): string =>
  operation === 'images' && contentType.startsWith('multipart/') ? '/images/edits' : paths[operation];
