import type { AiProvider } from '../../contract.ts';
import type { OpenAiClient } from './client.ts';
import { chatBody, readAnswer } from './openai-chat.ts';

export interface OpenAiSettings {
  models: { standard: string; advanced: string };
  /** Longest wait for the first event of an answer, its retry included. */
  timeoutMs: number;
  /** Longest wait between two events of an answer; default: `timeoutMs`, at most 30 seconds. */
  idleTimeoutMs?: number;
}

/** An answer may take this many times `timeoutMs` in all. */
const answerTimeouts = 5;

/**
 * Answers from any API that speaks OpenAI's protocol. A call is tried twice at most, and only before its first event.
 */
export function createOpenAiProvider(client: OpenAiClient, settings: OpenAiSettings): AiProvider {
  const { models, timeoutMs, idleTimeoutMs = Math.min(timeoutMs, 30_000) } = settings;
  return {
    name: 'openai',
    model: (alias) => models[alias],

    async *answer(request) {
      const call = client.open(`Ask model "${request.model}"`, timeoutMs * answerTimeouts, request.signal);
      try {
        call.watchdog.arm(timeoutMs);
        const stream = await client.api.chat.completions.create(chatBody(request), { signal: call.watchdog.signal });
        yield* readAnswer(stream, request, call.watchdog, idleTimeoutMs);
        call.succeed();
      } catch (error) {
        throw call.fail(error);
      } finally {
        call.close();
      }
    },
  };
}
