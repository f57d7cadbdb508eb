import type { Json, Meaning, TokenCount, WireEvent } from '../contract.ts';
import { readFailure } from '../failure-codes.ts';
import { eventType, fieldsOf, isJson, isSet, objectOf, textOf } from '../json.ts';
import { type AnthropicFigures, countFigures, updateFigures } from '../token-count.ts';

function figuresOf(count: TokenCount | undefined): AnthropicFigures {
  if (!count) return {};
  const { input, cached, cacheWrite, ...rest } = count;
  return {
    ...rest,
    input: input - (cached ?? 0) - (cacheWrite ?? 0),
    ...(cached !== undefined && { cached }),
    ...(cacheWrite !== undefined && { cacheWrite }),
  };
}

/** Characters that a block or a delta holds. */
const charactersOf = (said: Json): number =>
  ['text', 'thinking', 'partial_json', 'name'].reduce((sum, name) => sum + textOf(said[name]).length, 0);

const content = (said: unknown): Meaning => {
  const characters = charactersOf(fieldsOf(said));
  return { hasContent: characters > 0, isEnd: false, ...(characters > 0 && { characters }) };
};

function counted(usage: unknown, before: TokenCount | undefined): Pick<Meaning, 'usage'> {
  const count = isJson(usage) ? countFigures(updateFigures(figuresOf(before), usage)) : undefined;
  return count ? { usage: count } : {};
}

/** What an event of a stream of Anthropic's messages means. */
export function messagesMeaningOf(event: WireEvent, before?: TokenCount): Meaning | undefined {
  const json = objectOf(event);
  if (!json) return undefined;
  const nothing: Meaning = { hasContent: false, isEnd: false };
  switch (eventType(event, json)) {
    case 'message_start':
      return { ...nothing, ...counted(fieldsOf(json.message).usage, before) };
    case 'content_block_start':
      return content(json.content_block);
    case 'content_block_delta':
      return content(json.delta);
    case 'content_block_stop':
      return nothing;
    case 'message_delta':
      return {
        ...nothing,
        ...(isSet(fieldsOf(json.delta).stop_reason) && { isFinish: true }),
        ...counted(json.usage, before),
      };
    case 'message_stop':
      return { ...nothing, isEnd: true };
    case 'error':
      return { ...nothing, error: readFailure(isJson(json.error) ? json.error : json) };
    default:
      return undefined;
  }
}
