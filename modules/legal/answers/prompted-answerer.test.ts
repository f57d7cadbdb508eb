import { expect, it, onTestFinished } from 'vitest';
import { chatAt } from '../../models/providers/openai/openai.fixture.ts';
import { type Script, startOpenAiServer } from '../../testing/openai-server.ts';
import { answerOf, describeAnswerer } from './conformance-answerer.ts';
import { createPromptedAnswerer } from './prompted-answerer.ts';
import { refusalText } from './refusal.ts';

async function open(chat?: Script) {
  const server = await startOpenAiServer(chat ? { chat } : {});
  return { answerer: createPromptedAnswerer(chatAt(server.baseUrl)), close: () => server.close() };
}

describeAnswerer('prompted', open);

it('turns the refusal word into a sentence in the reader’s language', async () => {
  const refusal = [{ delta: 'NO' }, { delta: '_ANSWER' }, { delta: '.' }, { finish: 'stop' }, 'done'] as const;
  const { answerer, close } = await open([{ stream: refusal }]);
  onTestFinished(close);
  expect((await answerOf(answerer, { language: 'ru' })).text).toBe(refusalText('ru'));
});

it('shows a short answer that begins like the refusal word', async () => {
  const { answerer, close } = await open([{ stream: [{ delta: 'No' }, { finish: 'stop' }, 'done'] }]);
  onTestFinished(close);
  const { text, events } = await answerOf(answerer);
  expect(text).toBe('No');
  expect(events.map(({ type }) => type)).toEqual(['text', 'finish', 'usage']);
});
