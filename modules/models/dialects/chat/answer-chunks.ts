import type { ChatAnswer, ChatChunk, Json } from '../contract.ts';
import { isJson, objectsOf, textOf } from '../json.ts';

/** A whole answer as the chunks of a stream, its count in the last one. */
export function answerChunks({ choices, usage, ...answer }: ChatAnswer): ChatChunk[] {
  const chunk = (said: Json[], rest: Json = {}) =>
    ({ ...answer, object: 'chat.completion.chunk', choices: said, ...rest }) as unknown as ChatChunk;
  const read = objectsOf(choices).map((choice) => readChoice(choice));
  return [
    ...read.flatMap(({ index, thoughts }) => thoughts.map((delta) => chunk([{ index, delta, finish_reason: null }]))),
    chunk(read.map(({ index, rest, delta }) => ({ ...rest, index, delta }))),
    ...(isJson(usage) ? [chunk([], { usage })] : []),
  ];
}

/** Signed thinking comes block by block, each after its text, as in a stream. */
function readChoice({ message, ...rest }: Json) {
  const { x_anthropic: kept, tool_calls: calls, ...said }: Json = isJson(message) ? message : {};
  const thinking = objectsOf(isJson(kept) ? kept.thinking : undefined);
  const thoughts = thinking.flatMap((block, place): Json[] => [
    { reasoning_content: textOf(block.thinking) },
    { x_anthropic: { thinking: thinking.slice(0, place + 1) } },
  ]);
  const { reasoning_content: _, ...withoutReasoning } = said;
  const delta = {
    ...(thinking.length > 0 ? withoutReasoning : said),
    ...(Array.isArray(calls) && { tool_calls: objectsOf(calls).map((call, index) => ({ index, ...call })) }),
  };
  return { index: rest.index, rest, thoughts, delta };
}
