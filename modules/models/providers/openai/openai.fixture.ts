import { expect, onTestFinished } from 'vitest';
import { type Script, startOpenAiServer } from '../../../testing/openai-server.ts';
import type { AiProvider, AnswerEvent, AnswerRequest } from '../../contract.ts';
import { connectOpenAi, type OpenAiEndpoint } from './client.ts';
import { createOpenAiEmbedder } from './embedder.ts';
import { createOpenAiProvider, type OpenAiSettings } from './openai.ts';

export const endpointAt = (baseUrl: string): OpenAiEndpoint => ({
  apiKey: 'sk-test',
  baseUrl,
  timeoutMs: 5_000,
  allowedHosts: ['127.0.0.1'],
});
const models = { standard: 'small', advanced: 'large' };
const embedding = { model: 'text-embedding-3-small', dimensions: 16 };

export const providerAt = (baseUrl: string) =>
  createOpenAiProvider(connectOpenAi(endpointAt(baseUrl)), { models, timeoutMs: 5_000 });
export const embedderAt = (baseUrl: string) =>
  createOpenAiEmbedder(connectOpenAi(endpointAt(baseUrl)), { ...embedding, timeoutMs: 5_000 });

export const failureWith = (reason: string) => expect.objectContaining({ name: 'AiFailure', reason });

type Scripts = { chat?: Script; embeddings?: Script; models?: Script };

async function serve(scripts: Scripts) {
  const server = await startOpenAiServer(scripts);
  onTestFinished(() => server.close());
  return server;
}

/** A provider before a scripted server; both end with the test. */
export async function start(scripts: Scripts, changes: Partial<OpenAiSettings & OpenAiEndpoint> = {}) {
  const server = await serve(scripts);
  const settings = { ...endpointAt(server.baseUrl), models, ...changes };
  const client = connectOpenAi(settings);
  return { server, client, provider: createOpenAiProvider(client, settings) };
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

export const request: AnswerRequest = {
  question: 'How long is the term?',
  passages: [{ number: 1, title: 'Lease', text: 'The term is five years.' }],
  history: [],
  language: 'en',
  model: 'small',
  maxTokens: 200,
};

/** All that came of a question. */
export async function ask(provider: AiProvider, changes: Partial<AnswerRequest> = {}) {
  const events: AnswerEvent[] = [];
  let failure: unknown;
  try {
    for await (const event of provider.answer({ ...request, ...changes })) events.push(event);
  } catch (error) {
    failure = error;
  }
  const text = events.map((event) => (event.type === 'delta' ? event.text : '')).join('');
  return { text, failure, usage: events.find((event) => event.type === 'usage') };
}
