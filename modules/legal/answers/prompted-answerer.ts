import type { ChatModel } from '../../models/index.ts';
import type { Answerer } from './contract.ts';
import { buildMessages, newBoundary } from './prompt.ts';
import { createRefusalFilter } from './refusal.ts';

/** Has a model answer by the rules of the prompt. */
export const createPromptedAnswerer = (chat: ChatModel): Answerer => ({
  prepare: (request) => ({
    chat: withRefusal(chat, request.question.language),
    request: {
      model: request.model,
      messages: buildMessages(request, newBoundary()),
      maxTokens: request.maxTokens,
      temperature: 0,
    },
  }),
});

/** The same model, with its refusal word as a sentence in the reader's language. */
const withRefusal = (chat: ChatModel, language: 'en' | 'ru'): ChatModel => ({
  ...chat,
  async *stream(request, options) {
    const filter = createRefusalFilter(language);
    for await (const event of chat.stream(request, options)) {
      if (event.type === 'text') {
        const text = filter.push(event.text);
        if (text !== '') yield { type: 'text', text };
        continue;
      }
      const rest = event.type === 'finish' ? filter.end() : '';
      if (rest !== '') yield { type: 'text', text: rest };
      yield event;
    }
  },
});
