import { Readable } from 'node:stream';
import type { Json, Wire } from '../../dialects/contract.ts';
import type { Adapter, UpstreamRequest, UpstreamResponse } from '../adapter.ts';
import { readEmbeddings, writeEmbeddings } from '../openai/embeddings.ts';
import { openAiFailure } from '../openai/failure-of.ts';
import { postJson } from '../post-json.ts';
import { answerLocally } from './answer-locally.ts';

/**
 * Answers without a server, in the format of OpenAI's API: chat by repeating sentences of the conversation, embeddings by the words of the
 * texts.
 * @param wire of chat completions
 */
export function createLocalAdapter(wire: Wire): Adapter {
  return {
    kind: 'local',
    wires: [wire],
    chat: async (_, body, { provider, model }) =>
      postJson(`${provider.baseUrl}/chat/completions`, {}, { ...body, model }),
    embeddings: {
      write: async (body, { provider, model }) =>
        postJson(`${provider.baseUrl}/embeddings`, {}, writeEmbeddings(body, model)),
      read: readEmbeddings,
    },
    failureOf: openAiFailure,
    async answer(request, signal) {
      signal.throwIfAborted();
      return toResponse(request, signal);
    },
  };
}

function toResponse(request: UpstreamRequest, signal: AbortSignal): UpstreamResponse {
  const body = JSON.parse(String(request.body)) as Json;
  const { status, json, events } = answerLocally(new URL(request.url).pathname, body);
  const contentType = events ? 'text/event-stream' : 'application/json';
  const pieces = events ? events.map((data) => `data: ${data}\n\n`) : [JSON.stringify(json)];
  const stream = Readable.from(
    pieces.map((piece) => Buffer.from(piece)),
    { signal },
  );
  return { status, headers: { 'content-type': contentType }, body: stream };
}
