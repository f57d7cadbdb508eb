import type { Json } from '../contract.ts';
import { entryOf, isSet, textOf } from '../json.ts';

const finishes: Readonly<Record<string, string>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool_calls',
  refusal: 'content_filter',
};

/** Why an answer ends, for a choice: a reason that OpenAI has no word for stays in `x_stop_reason`. */
export function readStopReason(reason: unknown, calls: number): Json {
  const known = entryOf(finishes, reason);
  const isStop = known === undefined || known === 'stop' || known === 'tool_calls';
  return {
    // An answer whose only tool was that of its form has called none.
    finish_reason: isStop ? (calls > 0 ? 'tool_calls' : 'stop') : known,
    ...(known === undefined && isSet(reason) && { x_stop_reason: reason }),
  };
}

const reasons: Readonly<Record<string, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  tool_calls: 'tool_use',
  function_call: 'tool_use',
  content_filter: 'refusal',
};

/** @param choice of a chat completion */
export function writeStopReason(choice: Json, calls: number): string {
  const own = textOf(choice.x_stop_reason);
  if (own !== '') return own;
  const reason = entryOf(reasons, choice.finish_reason) ?? 'end_turn';
  return reason === 'end_turn' && calls > 0 ? 'tool_use' : reason;
}
