import { createdAt } from './chat-answer.ts';
import type { ChatChunk, Json, TokenCount } from './contract.ts';
import { textOf } from './json.ts';
import { writeChatUsage } from './token-count.ts';

/** Makes the chunks of a stream that comes in another format, which has one answer. */
export class ChunkMaker {
  #frame: Json = { id: '', object: 'chat.completion.chunk', created: 0, model: '' };

  /** @param answer as far as it is known at its start */
  begin(answer: Json): ChatChunk[] {
    const { id, model } = answer;
    this.#frame = { ...this.#frame, id: textOf(id), created: createdAt(answer), model: textOf(model) };
    return this.say({ role: 'assistant', content: '' });
  }

  say(delta: Json): ChatChunk[] {
    return [this.#chunk([{ index: 0, delta, logprobs: null, finish_reason: null }])];
  }

  /** @param end why it ended, as the choice has it */
  finish(end: Json): ChatChunk[] {
    return [this.#chunk([{ index: 0, delta: {}, logprobs: null, ...end }])];
  }

  count(count: TokenCount | undefined): ChatChunk[] {
    return count ? [this.#chunk([], { usage: writeChatUsage(count) })] : [];
  }

  #chunk(choices: Json[], rest: Json = {}): ChatChunk {
    return { ...this.#frame, choices, ...rest } as unknown as ChatChunk;
  }
}
