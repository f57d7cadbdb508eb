import type OpenAI from 'openai';
import type { ToolCall } from '../../chat/chat-model.ts';

type Delta = OpenAI.ChatCompletionChunk.Choice.Delta.ToolCall;

/** Puts calls of tools together, which a stream brings in pieces that name their call by a number, if at all. */
export function createToolCallReader() {
  const calls = new Map<number, ToolCall>();
  return {
    read(deltas: Delta[] | undefined): void {
      if (!Array.isArray(deltas)) return;
      for (const [position, delta] of deltas.entries()) {
        const index = Number.isSafeInteger(delta?.index) ? delta.index : position;
        const call = calls.get(index) ?? { id: '', name: '', arguments: '' };
        calls.set(index, call);
        call.id ||= delta?.id ?? '';
        call.name += delta?.function?.name ?? '';
        call.arguments += delta?.function?.arguments ?? '';
      }
    },
    /** Those that name a tool, in the order of their numbers. */
    calls: (): ToolCall[] =>
      [...calls]
        .sort(([a], [b]) => a - b)
        .map(([index, call]) => ({ ...call, id: call.id || `call-${index}` }))
        .filter(({ name }) => name !== ''),
  };
}
