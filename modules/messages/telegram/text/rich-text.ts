import type { RichText, TextEntity } from '../contract.ts';

/** Any text as it stands. What no text may hold is left out: halves of characters, and control characters but tab and line feed. */
export const plain = (text: string): RichText => ({
  text: text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/(?![\t\n])\p{Cc}/gu, ''),
  entities: [],
});

const toRich = (text: string | RichText): RichText => (typeof text === 'string' ? plain(text) : text);

/** An entity over a whole text; none over nothing. */
function over(text: string | RichText, entity: Pick<TextEntity, 'type' | 'url'>): RichText {
  const rich = toRich(text);
  if (rich.text.length === 0) return rich;
  return { text: rich.text, entities: [{ ...entity, offset: 0, length: rich.text.length }, ...rich.entities] };
}

export const bold = (text: string | RichText): RichText => over(text, { type: 'bold' });
export const italic = (text: string | RichText): RichText => over(text, { type: 'italic' });
export const code = (text: string): RichText => over(text, { type: 'code' });
/** @param url http, https or tg */
export const link = (text: string | RichText, url: string): RichText => over(text, { type: 'text_link', url });
/** A quotation; a long one is shown folded. */
export const quote = (text: string | RichText, { folded = false } = {}): RichText =>
  over(text, { type: folded ? 'expandable_blockquote' : 'blockquote' });

/** One text of several. */
export function join(parts: readonly (string | RichText)[], separator: string | RichText = ''): RichText {
  const between = toRich(separator);
  let text = '';
  const entities: TextEntity[] = [];
  const add = (part: RichText) => {
    for (const entity of part.entities) entities.push({ ...entity, offset: entity.offset + text.length });
    text += part.text;
  };
  parts.forEach((part, index) => {
    if (index > 0) add(between);
    add(toRich(part));
  });
  return { text, entities };
}

/** The part from one UTF-16 unit to another: entities that reach out of it are closed at its ends. */
export function slice({ text, entities }: RichText, start: number, end: number = text.length): RichText {
  const kept = entities.flatMap((entity) => {
    const from = Math.max(entity.offset, start);
    const to = Math.min(entity.offset + entity.length, end);
    return to > from ? [{ ...entity, offset: from - start, length: to - from }] : [];
  });
  return { text: text.slice(start, end), entities: kept };
}

/** Without white space at its ends, which Telegram cuts off as well. */
export function trim(rich: RichText): RichText {
  const start = rich.text.length - rich.text.trimStart().length;
  return slice(rich, start, Math.max(start, rich.text.trimEnd().length));
}
