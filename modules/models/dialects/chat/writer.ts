import { randomUUID } from 'node:crypto';
import type { ChatChunk, Json, StreamWriter } from '../contract.ts';
import { fieldsOf, isJson } from '../json.ts';

/**
 * Writes a stream as OpenAI does: the role in the first chunk of each choice, and the count, if the caller wants it, in one chunk
 * without choices before the end.
 */
export function createChatWriter(options: { model: string; includeUsage: boolean }): StreamWriter {
  const { model, includeUsage } = options;
  const begun = new Set<unknown>();
  let frame: Json | undefined;
  let usage: unknown;

  const line = (json: Json) => `data: ${JSON.stringify(json)}\n\n`;

  const withRole = (choice: Json): Json => {
    if (begun.has(choice.index)) return choice;
    begun.add(choice.index);
    return { ...choice, delta: { role: 'assistant', ...fieldsOf(choice.delta) } };
  };

  const frameOf = (chunk: Json): Json => ({
    id: chunk.id || `chatcmpl-${randomUUID()}`,
    object: 'chat.completion.chunk',
    created: chunk.created || Math.floor(Date.now() / 1000),
    model,
  });

  return {
    write(chunk: ChatChunk): string {
      frame ??= frameOf(chunk);
      if (isJson(chunk.usage)) usage = chunk.usage;
      if (chunk.choices.length === 0) return '';
      const choices = chunk.choices.map((choice) =>
        withRole({ ...choice, finish_reason: choice.finish_reason ?? null }),
      );
      const { usage: _, ...rest } = chunk as Json;
      return line({ ...rest, ...frame, choices, ...(includeUsage && { usage: null }) });
    },
    end(): string {
      const count = includeUsage && usage !== undefined ? line({ ...frame, choices: [], usage }) : '';
      return `${count}data: [DONE]\n\n`;
    },
  };
}
