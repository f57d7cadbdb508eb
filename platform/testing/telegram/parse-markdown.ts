import type { CheckedText } from './checked-text.ts';
import { badRequest } from './refusal.ts';
import type { Entity } from './state.ts';

const RESERVED = new Set('_*[]()~`>#+-=|{}.!');
/** The longer ones first, as they are looked for in this order. */
const MARKS: [string, string][] = [
  ...([
    ['```', 'pre'],
    ['__', 'underline'],
    ['||', 'spoiler'],
    ['*', 'bold'],
  ] as [string, string][]),
  ...([
    ['_', 'italic'],
    ['~', 'strikethrough'],
    ['`', 'code'],
    ['[', 'text_link'],
  ] as [string, string][]),
];
const fail = (why: string) => badRequest(`can't parse entities: ${why}`);
const nameOf = (type: string) =>
  type
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

/** https://core.telegram.org/bots/api#markdownv2-style @throws TelegramRefusal that names the byte offset */
export function parseMarkdown(source: string): CheckedText {
  const entities: Entity[] = [];
  const open: { mark: string; bytes: number; entity: Entity }[] = [];
  let quoted: Entity | undefined;
  let text = '';
  let at = 0;
  const bytes = () => Buffer.byteLength(source.slice(0, at));
  const close = () => {
    const last = open.pop();
    if (!last) return;
    last.entity.length = text.length - last.entity.offset;
    if (last.entity.length > 0) entities.push(last.entity);
  };
  const endQuote = () => {
    if (quoted) entities.push({ ...quoted, length: text.length - quoted.offset });
    quoted = undefined;
  };
  while (at < source.length) {
    const char = source.charAt(at);
    const isLineStart = at === 0 || source[at - 1] === '\n';
    if (isLineStart && quoted && char !== '>') endQuote();
    const last = open.at(-1);
    const isCode = last?.mark === '`' || last?.mark === '```';
    if (char === '\\' && source.charCodeAt(at + 1) > 0 && source.charCodeAt(at + 1) < 127) {
      text += source[at + 1];
      at += 2;
    } else if (isLineStart && char === '>' && !isCode) {
      quoted ??= { type: 'blockquote', offset: text.length, length: 0 };
      at++;
    } else if (last && last.mark !== '[' && source.startsWith(last.mark, at)) {
      at += last.mark.length;
      close();
    } else if (last?.mark === '[' && char === ']') {
      const [whole, url] = /^\]\(((?:\\.|[^)\\])*)\)/s.exec(source.slice(at)) ?? [];
      if (whole === undefined && source[at + 1] === '(')
        throw fail(`Can't find end of a URL at byte offset ${bytes()}`);
      if (whole !== undefined) last.entity.url = (url ?? '').replace(/\\(.)/g, '$1');
      at += whole?.length ?? 1;
      if (whole === undefined) open.pop();
      else close();
    } else if (isCode || !RESERVED.has(char)) {
      text += char;
      at++;
    } else {
      const mark = MARKS.find(([each]) => source.startsWith(each, at));
      if (!mark) throw fail(`Character '${char}' is reserved and must be escaped with the preceding '\\'`);
      open.push({ mark: mark[0], bytes: bytes(), entity: { type: mark[1], offset: text.length, length: 0 } });
      at += mark[0].length;
    }
  }
  const left = open.pop();
  if (left) throw fail(`Can't find end of ${nameOf(left.entity.type)} entity at byte offset ${left.bytes}`);
  endQuote();
  return { text, entities };
}
