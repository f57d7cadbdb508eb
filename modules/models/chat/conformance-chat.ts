import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChatEvent, ChatModel, ChatRequest } from './chat-model.ts';

export interface ChatModelUnderTest {
  chat: ChatModel;
  model: string;
  close(): Promise<void>;
}

async function collect(events: AsyncIterable<ChatEvent>) {
  const collected: ChatEvent[] = [];
  for await (const event of events) collected.push(event);
  const text = collected.map((event) => (event.type === 'text' ? event.text : '')).join('');
  return { events: collected, text };
}

/** What every chat model promises; run by each implementation's test. */
export function describeChatModel(name: string, create: () => Promise<ChatModelUnderTest>): void {
  describe(`chat model ${name}`, () => {
    let tested: ChatModelUnderTest;
    let chat: ChatModel;
    let request: ChatRequest;
    beforeAll(async () => {
      tested = await create();
      chat = tested.chat;
      request = {
        model: tested.model,
        messages: [
          { role: 'system', content: 'Answer briefly.' },
          {
            role: 'user',
            content:
              '<passage-0 number="1" title="Lease">\nThe Tenant shall pay the rent by the fifth day of each month.\n</passage-0>\n\nBy what day of the month shall the Tenant pay the rent?',
          },
        ],
        maxTokens: 300,
      };
    });
    afterAll(() => tested.close());

    it('answers in several pieces', async () => {
      const { events, text } = await collect(chat.stream(request, {}));
      expect(events.filter(({ type }) => type === 'text').length).toBeGreaterThan(1);
      expect(text).toContain('The Tenant shall pay the rent');
    });

    it('says once why it ended, behind the text, and counts tokens last', async () => {
      const { events } = await collect(chat.stream(request, {}));
      expect(events.slice(-2).map(({ type }) => type)).toEqual(['finish', 'usage']);
      expect(events.filter(({ type }) => type === 'finish' || type === 'usage')).toHaveLength(2);
      const usage = events.at(-1) as Extract<ChatEvent, { type: 'usage' }>;
      expect(usage.promptTokens).toBeGreaterThan(0);
      expect(usage.completionTokens).toBeGreaterThan(0);
      expect(usage.cachedTokens).toBeLessThanOrEqual(usage.promptTokens);
    });

    it('says that it was cancelled when its caller already left', async () => {
      const cancelled = expect.objectContaining({ name: 'AiFailure', reason: 'cancelled' });
      await expect(collect(chat.stream(request, { signal: AbortSignal.abort() }))).rejects.toEqual(cancelled);
    });

    it('can be left in the middle of an answer and asked again', async () => {
      for await (const event of chat.stream(request, {})) {
        expect(event.type).toBe('text');
        break;
      }
      expect((await collect(chat.stream(request, {}))).text).not.toBe('');
    });

    it('takes content in parts', async () => {
      const messages = request.messages.map((message) =>
        message.role === 'user'
          ? { ...message, content: [{ type: 'text' as const, text: String(message.content) }] }
          : message,
      );
      expect((await collect(chat.stream({ ...request, messages }, {}))).text).not.toBe('');
    });
  });
}
