import type { CheckedText } from './checked-text.ts';
import { badRequest } from './refusal.ts';
import type { Entity } from './state.ts';

const TAGS: Record<string, string> = {
  ...{ b: 'bold', strong: 'bold', i: 'italic', em: 'italic', u: 'underline', ins: 'underline' },
  ...{ s: 'strikethrough', strike: 'strikethrough', del: 'strikethrough', 'tg-spoiler': 'spoiler' },
  ...{ code: 'code', pre: 'pre', a: 'text_link', blockquote: 'blockquote', span: 'spoiler' },
};
const NAMED: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"' };
const TAG = /^<(\/?)([a-zA-Z][a-zA-Z0-9-]*)((?:\s+[a-z-]+(?:="[^"]*")?)*)\s*>/;

const fail = (why: string) => badRequest(`can't parse entities: ${why}`);

/** https://core.telegram.org/bots/api#html-style @throws TelegramRefusal that names the byte offset */
export function parseHtml(source: string): CheckedText {
  const entities: Entity[] = [];
  const open: { tag: string; entity: Entity }[] = [];
  let text = '';
  let at = 0;
  const bytes = () => Buffer.byteLength(source.slice(0, at));
  while (at < source.length) {
    const rest = source.slice(at);
    if (rest[0] === '&') {
      const [whole, code] = /^&(#\d+|#x[0-9a-fA-F]+|lt|gt|amp|quot);/.exec(rest) ?? [];
      text += code === undefined ? '&' : unescapeCode(code);
      at += whole?.length ?? 1;
      continue;
    }
    if (rest[0] !== '<') {
      text += rest[0];
      at++;
      continue;
    }
    const [whole, slash, name = '', attributes = ''] = TAG.exec(rest) ?? [];
    if (whole === undefined) throw fail(`Unclosed start tag at byte offset ${bytes()}`);
    const tag = name.toLowerCase();
    if (slash) {
      const last = open.pop();
      if (!last) throw fail(`Unexpected end tag at byte offset ${bytes()}`);
      if (last.tag !== tag) {
        throw fail(`Unmatched end tag at byte offset ${bytes()}, expected "</${last.tag}>", found "</${tag}>"`);
      }
      last.entity.length = text.length - last.entity.offset;
      if (last.entity.length > 0) entities.push(last.entity);
    } else {
      open.push({ tag, entity: entityOf(tag, attributes, text.length, bytes()) });
    }
    at += whole.length;
  }
  const left = open.pop();
  if (left) throw fail(`Can't find end tag corresponding to start tag "${left.tag}"`);
  return { text, entities };
}

function entityOf(tag: string, attributes: string, offset: number, bytes: number): Entity {
  const known = TAGS[tag];
  const isSpoiler = tag !== 'span' || attributes.includes('class="tg-spoiler"');
  if (!known || !isSpoiler) throw fail(`Unsupported start tag "${tag}" at byte offset ${bytes}`);
  const type = known === 'blockquote' && /\bexpandable\b/.test(attributes) ? 'expandable_blockquote' : known;
  const [, url] = /\bhref="([^"]*)"/.exec(attributes) ?? [];
  return { type, offset, length: 0, ...(type === 'text_link' && { url: (url ?? '').replaceAll('&amp;', '&') }) };
}

function unescapeCode(code: string): string {
  if (!code.startsWith('#')) return NAMED[code] ?? '';
  const point = code.startsWith('#x') ? Number.parseInt(code.slice(2), 16) : Number(code.slice(1));
  return point > 0 && point < 0x110000 ? String.fromCodePoint(point) : '';
}
