import type { ChatModel } from '../../chat/chat-model.ts';
import { chatBody } from './chat-body.ts';
import type { OpenAiClient } from './client.ts';
import { readChat } from './read-chat.ts';

export interface ChatTimeouts {
  /** Longest wait for the first event of an answer. */
  timeoutMs: number;
  /** Longest wait between two events of an answer; default: `timeoutMs`, at most 30 seconds. */
  idleTimeoutMs?: number;
  /** Longest time of an answer in all; default: five times `timeoutMs`. */
  totalMs?: number;
}

const TOTAL_TIMEOUTS = 5;

/** Chat with any server that speaks OpenAI's protocol. */
export function createOpenAiChat(client: OpenAiClient, timeouts: ChatTimeouts): ChatModel {
  const { timeoutMs, idleTimeoutMs = Math.min(timeoutMs, 30_000), totalMs = timeoutMs * TOTAL_TIMEOUTS } = timeouts;
  return {
    async *stream(request, { signal }) {
      const call = await client.open({
        action: `Ask model "${request.model}"`,
        model: request.model,
        totalMs,
        caller: signal,
      });
      try {
        call.watchdog.arm(timeoutMs);
        const stream = await call.api.chat.completions.create(chatBody(request), { signal: call.watchdog.signal });
        yield* readChat(stream, request, call.watchdog, idleTimeoutMs);
        call.succeed();
      } catch (error) {
        throw call.fail(error);
      } finally {
        call.close();
      }
    },
  };
}
