import { onTestFinished } from 'vitest';
import { type Script, startOpenAiServer } from '../../../testing/openai-server.ts';
import type { AiProvider, AnswerEvent, AnswerRequest } from '../../contract.ts';
import { createOpenAiProvider, type OpenAiSettings } from './openai.ts';

export const settingsFor = (baseUrl: string): OpenAiSettings => ({
  apiKey: 'sk-test',
  baseUrl,
  models: { standard: 'small', advanced: 'large' },
  embeddingModel: 'text-embedding-3-small',
  dimensions: 16,
  timeoutMs: 5_000,
  allowedHosts: ['127.0.0.1'],
});

/** A provider before a scripted server; both end with the test. */
export async function start(
  scripts: { chat?: Script; embeddings?: Script; models?: Script },
  changes: Partial<OpenAiSettings> = {},
) {
  const server = await startOpenAiServer(scripts);
  onTestFinished(() => server.close());
  return { server, provider: createOpenAiProvider({ ...settingsFor(server.baseUrl), ...changes }) };
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
