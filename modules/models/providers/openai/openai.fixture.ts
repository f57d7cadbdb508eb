import { expect, onTestFinished } from 'vitest';
import { type Script, startOpenAiServer } from '../../../testing/openai-server.ts';
import type { ChatEvent, ChatModel, ChatRequest } from '../../chat/chat-model.ts';
import { type ChatTimeouts, createOpenAiChat } from './chat.ts';
import { connectOpenAi, type OpenAiEndpoint } from './client.ts';
import { createOpenAiEmbedder } from './embedder.ts';

export const endpointAt = (baseUrl: string): OpenAiEndpoint => ({
  apiKey: 'sk-test',
  baseUrl,
  timeoutMs: 5_000,
  allowedHosts: ['127.0.0.1'],
});
const embedding = { model: 'text-embedding-3-small', dimensions: 16 };

export const chatAt = (baseUrl: string) => createOpenAiChat(connectOpenAi(endpointAt(baseUrl)), { timeoutMs: 5_000 });
export const embedderAt = (baseUrl: string) =>
  createOpenAiEmbedder(connectOpenAi(endpointAt(baseUrl)), { ...embedding, timeoutMs: 5_000 });

export const failureWith = (reason: string) => expect.objectContaining({ name: 'AiFailure', reason });

type Scripts = { chat?: Script; embeddings?: Script; models?: Script };

async function serve(scripts: Scripts) {
  const server = await startOpenAiServer(scripts);
  onTestFinished(() => server.close());
  return server;
}

/** A chat model before a scripted server; both end with the test. */
export async function start(scripts: Scripts, changes: Partial<ChatTimeouts & OpenAiEndpoint> = {}) {
  const server = await serve(scripts);
  const settings = { ...endpointAt(server.baseUrl), ...changes };
  const client = connectOpenAi(settings);
  return { server, client, chat: createOpenAiChat(client, settings) };
}

/** The same for an embedder. */
export async function startEmbedder(
  scripts: Scripts,
  changes: Partial<OpenAiEndpoint & { model: string; dimensions: number }> = {},
) {
  const server = await serve(scripts);
  const settings = { ...endpointAt(server.baseUrl), ...embedding, ...changes };
  return { server, embedder: createOpenAiEmbedder(connectOpenAi(settings), settings) };
}

export const request: ChatRequest = {
  model: 'small',
  messages: [{ role: 'user', content: 'How long is the term?' }],
  maxTokens: 200,
  temperature: 0,
};

/** All that came of a call. */
export async function ask(chat: ChatModel, changes: Partial<ChatRequest> = {}, signal?: AbortSignal) {
  const events: ChatEvent[] = [];
  let failure: unknown;
  try {
    for await (const event of chat.stream({ ...request, ...changes }, { signal })) events.push(event);
  } catch (error) {
    failure = error;
  }
  const text = events.map((event) => (event.type === 'text' ? event.text : '')).join('');
  return { text, failure, usage: events.find((event) => event.type === 'usage'), events };
}
