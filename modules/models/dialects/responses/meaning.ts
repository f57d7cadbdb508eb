import type { Meaning, WireEvent } from '../contract.ts';
import { readFailure } from '../failure-codes.ts';
import { eventType, fieldsOf, isJson, objectOf, textOf } from '../json.ts';
import { readResponsesUsage } from '../token-count.ts';

const contentTypes = new Set([
  'response.output_text.delta',
  'response.refusal.delta',
  'response.reasoning_text.delta',
  'response.reasoning_summary_text.delta',
  'response.function_call_arguments.delta',
  'response.custom_tool_call_input.delta',
  'response.audio.delta',
  'response.audio.transcript.delta',
]);

const said = (text: string): Meaning => ({
  hasContent: text !== '',
  isEnd: false,
  ...(text !== '' && { characters: text.length }),
});

function ended(response: unknown): Meaning {
  const usage = readResponsesUsage(fieldsOf(response).usage);
  return { hasContent: false, isEnd: true, isFinish: true, ...(usage && { usage }) };
}

/** What an event of a stream of OpenAI's responses means. */
export function responsesMeaningOf(event: WireEvent): Meaning | undefined {
  const json = objectOf(event);
  if (!json) return undefined;
  const type = eventType(event, json);
  if (contentTypes.has(type)) return said(textOf(json.delta));
  switch (type) {
    case 'response.output_item.added':
      return said(textOf(fieldsOf(json.item).name));
    case 'response.completed':
    case 'response.incomplete':
      return ended(json.response);
    case 'response.failed':
      return { ...ended(json.response), error: readFailure(fieldsOf(json.response).error) };
    case 'error':
      return { hasContent: false, isEnd: false, error: readFailure(isJson(json.error) ? json.error : json) };
    case 'response.created':
    case 'response.in_progress':
    case 'response.queued':
      return { hasContent: false, isEnd: false };
    default:
      return undefined;
  }
}
