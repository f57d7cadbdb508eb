import type { CheckedText } from './checked-text.ts';
import type { Params } from './params.ts';
import { parseHtml } from './parse-html.ts';
import { parseMarkdown } from './parse-markdown.ts';
import { badRequest } from './refusal.ts';
import type { Entity } from './state.ts';

const KNOWN = new Set([
  ...['bold', 'italic', 'underline', 'strikethrough', 'spoiler', 'code', 'pre', 'text_link', 'blockquote'],
  ...['expandable_blockquote', 'custom_emoji', 'text_mention', 'bot_command', 'url', 'mention', 'hashtag', 'email'],
]);
const MOST_ENTITIES = 100;

/**
 * Reads a text with its markup or entities as Telegram does: cuts white space off its ends, and counts UTF-16 units after parsing.
 * @param name `text` or `caption`
 * @throws TelegramRefusal 400
 */
export function readFormatted(params: Params, name: 'text' | 'caption'): CheckedText {
  const raw = params.text(name) ?? '';
  const mode = params.text('parse_mode');
  const field = name === 'text' ? 'entities' : 'caption_entities';
  const parsed = mode ? parse(raw, mode) : { text: raw, entities: checkEntities(raw, params.json(field)) };
  const trimmed = trim(parsed);
  const most = name === 'text' ? 4096 : 1024;
  if (trimmed.text.length > most)
    throw badRequest(name === 'text' ? 'message is too long' : 'message caption is too long');
  return trimmed;
}

function parse(text: string, mode: string): CheckedText {
  switch (mode.toLowerCase()) {
    case 'html':
      return parseHtml(text);
    case 'markdownv2':
      return parseMarkdown(text);
    default:
      throw badRequest(`unsupported parse_mode`);
  }
}

function checkEntities(text: string, value: unknown): Entity[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw badRequest("can't parse entities: expected an Array");
  return value.slice(0, MOST_ENTITIES).map((each: unknown) => {
    const entity = each as Entity;
    const { type, offset, length } = entity ?? {};
    if (!KNOWN.has(type)) throw badRequest(`can't parse entities: unsupported type "${type}"`);
    const isCounted = Number.isInteger(offset) && Number.isInteger(length) && offset >= 0 && length > 0;
    if (!isCounted || offset + length > text.length) {
      throw badRequest("can't parse entities: receive an entity with incorrect offset or length");
    }
    if (isHalf(text, offset)) throw badRequest('entity begins in a middle of a UTF-16 symbol');
    if (isHalf(text, offset + length)) throw badRequest('entity ends in a middle of a UTF-16 symbol');
    if (type === 'text_link' && !isLink(entity.url)) throw badRequest('wrong HTTP URL specified in a text_link');
    return entity;
  });
}

const isHalf = (text: string, at: number) => at > 0 && at < text.length && !text.slice(0, at).isWellFormed();

export const isLink = (url: string | undefined): boolean =>
  url !== undefined && URL.canParse(url) && ['http:', 'https:', 'tg:', 'ton:'].includes(new URL(url).protocol);

function trim({ text, entities }: CheckedText): CheckedText {
  const start = text.length - text.trimStart().length;
  const kept = text.trim();
  const moved = entities.flatMap((entity) => {
    const from = Math.max(entity.offset - start, 0);
    const to = Math.min(entity.offset + entity.length - start, kept.length);
    return to > from ? [{ ...entity, offset: from, length: to - from }] : [];
  });
  return { text: kept, entities: moved.toSorted((a, b) => a.offset - b.offset || b.length - a.length) };
}
