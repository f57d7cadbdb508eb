import { expect, it } from 'vitest';
import type { Json } from '../../dialects/contract.ts';
import { adaptChat, quirksOf } from './quirks.ts';

const body: Json = {
  max_completion_tokens: 9,
  stream: true,
  stream_options: { include_usage: true },
  messages: [
    { role: 'developer', content: 'Be brief' },
    { role: 'assistant', content: 'Yes', reasoning_content: 'Hm' },
    { role: 'user', content: 'Hello' },
  ],
};

it.each([
  ['vllm', { max_completion_tokens: 9 }],
  ['ollama', { max_tokens: 9 }],
])('sends a chat as %s takes it', (server, limit) => {
  const quirks = quirksOf({ kind: 'openai', baseUrl: 'http://models.internal:8000/v1', options: { server } });
  expect(adaptChat(body, quirks, false, undefined)).toEqual({
    ...limit,
    stream: true,
    stream_options: { include_usage: true },
    messages: [
      { role: 'system', content: 'Be brief' },
      { role: 'assistant', content: 'Yes', reasoning_content: 'Hm' },
      { role: 'user', content: 'Hello' },
    ],
  });
});

it('lets a single option win over those of the server', () => {
  const options = { server: 'ollama', noStreamOptions: true };
  const quirks = quirksOf({ kind: 'openai', baseUrl: 'http://models.internal:11434/v1', options });
  expect(adaptChat(body, quirks, false, undefined)).not.toHaveProperty('stream_options');
});
