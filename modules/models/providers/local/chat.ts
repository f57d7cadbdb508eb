import { AiFailure } from '../../ai-failure.ts';
import type { ChatModel } from '../../chat/chat-model.ts';
import { estimateUsage } from '../../chat/estimate-tokens.ts';
import { piecesOf } from '../../chat/pieces.ts';
import { repeatSentences } from './repeat-sentences.ts';

/** What stands for a model's name where there is none. */
export const localChatModel = 'local-extractive';

/**
 * Chat without a network and without a model: repeats the sentences of the conversation that hold most words of its last
 * paragraph, or says that there is no model.
 */
export function createLocalChat(): ChatModel {
  return {
    async *stream({ messages }, { signal }) {
      const answer = repeatSentences(messages);
      for (const text of piecesOf(answer)) {
        if (signal?.aborted) throw new AiFailure('cancelled', 'Answer locally: cancelled', { cause: signal.reason });
        yield { type: 'text', text };
      }
      yield { type: 'finish', reason: 'stop' };
      yield { type: 'usage', ...estimateUsage(messages, answer) };
    },
  };
}
