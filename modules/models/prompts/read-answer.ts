import type { ChatChunk, Dialect, Json } from '../dialects/contract.ts';
import { isJson, textOf } from '../dialects/json.ts';
import { EventFramer } from '../upstream/event-framer.ts';

/** One answer of a stream. */
interface Said {
  content: string;
  reasoning: string;
  toolCalls: { name: string; arguments: string }[];
  finishReason: string | null;
}

/**
 * The answer that stands in bytes which were sent to a caller: the JSON of a whole answer, and of a stream its texts put together, since
 * a secret may be spread over its events. Undefined when they hold none that can be read.
 */
export function readSentAnswer(dialect: Dialect, kind: 'whole' | 'begun', bytes: Buffer): Json | undefined {
  if (kind === 'begun') return readStream(dialect, bytes);
  try {
    const json: unknown = JSON.parse(bytes.toString());
    return isJson(json) ? json : undefined;
  } catch {
    return undefined;
  }
}

function readStream(dialect: Dialect, bytes: Buffer): Json | undefined {
  const reader = dialect.createReader();
  const answers = new Map<number, Said>();
  try {
    for (const { event } of new EventFramer().push(bytes)) {
      if (!event || event.data === '[DONE]') continue;
      for (const chunk of reader.read(event)) addChunk(answers, chunk);
    }
  } catch {
    // What came before is the answer: the stream ends with an error, or in the middle.
  }
  return answers.size === 0 ? undefined : { answers: [...answers.values()] };
}

function addChunk(answers: Map<number, Said>, { choices }: ChatChunk): void {
  for (const { index, delta, finish_reason: reason } of choices) {
    const said = answers.get(index) ?? { content: '', reasoning: '', toolCalls: [], finishReason: null };
    answers.set(index, said);
    said.content += textOf(delta?.content) + textOf(delta?.refusal);
    said.reasoning += textOf((delta as Json | undefined)?.reasoning_content);
    said.finishReason = reason ?? said.finishReason;
    for (const { index: nth, function: called } of delta?.tool_calls ?? []) {
      const call = said.toolCalls[nth] ?? { name: '', arguments: '' };
      said.toolCalls[nth] = call;
      call.name += textOf(called?.name);
      call.arguments += textOf(called?.arguments);
    }
  }
}
