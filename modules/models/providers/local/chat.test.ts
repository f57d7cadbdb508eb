import { expect, it } from 'vitest';
import { describeChatModel } from '../../chat/conformance-chat.ts';
import { ask } from '../openai/openai.fixture.ts';
import { createLocalChat, localChatModel } from './chat.ts';

const chat = createLocalChat();

describeChatModel('local', async () => ({ chat, model: localChatModel, close: async () => {} }));

it.each([
  ['What is the meaning of life?', 'No language model is configured'],
  ['В чём смысл жизни?', 'Языковая модель не настроена'],
  ['', 'No language model is configured'],
])('says that there is no model when it is asked %j out of nothing', async (content, words) => {
  expect((await ask(chat, { messages: [{ role: 'user', content }] })).text).toContain(words);
});

it('repeats what was said of it', async () => {
  const { text } = await ask(chat, {
    messages: [
      { role: 'user', content: 'The train leaves at nine. The bus leaves at ten.' },
      { role: 'assistant', content: 'Noted.' },
      { role: 'user', content: 'When does the train leave?' },
    ],
  });
  expect(text).toMatch(/^The train leaves at nine\./);
});
