import type { Json, Meaning, TokenCount, WireEvent } from '../contract.ts';
import { readFailure } from '../failure-codes.ts';
import { isJson, isSet, objectOf, textOf } from '../json.ts';
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
  const characters = isJson(said) ? charactersOf(said) : 0;
  return { hasContent: characters > 0, isEnd: false, ...(characters > 0 && { characters }) };
};

function counted(usage: unknown, before: TokenCount | undefined): Pick<Meaning, 'usage'> {
  const count = isJson(usage) ? countFigures(updateFigures(figuresOf(before), usage)) : undefined;
  return count ? { usage: count } : {};
}

/** The name of an event, which stands in its data as well. */
export const typeOf = (event: WireEvent, json: Json): string => textOf(json.type) || (event.event ?? '');

/** What an event of a stream of Anthropic's messages means. */
export function messagesMeaningOf(event: WireEvent, before?: TokenCount): Meaning | undefined {
  const json = objectOf(event);
  if (!json) return undefined;
  const nothing: Meaning = { hasContent: false, isEnd: false };
  switch (typeOf(event, json)) {
    case 'message_start':
      return { ...nothing, ...counted(isJson(json.message) ? json.message.usage : undefined, before) };
    case 'content_block_start':
      return content(json.content_block);
    case 'content_block_delta':
      return content(json.delta);
    case 'content_block_stop':
      return nothing;
    case 'message_delta':
      return {
        ...nothing,
        ...(isJson(json.delta) && isSet(json.delta.stop_reason) && { isFinish: true }),
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
