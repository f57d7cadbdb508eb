import { type Notice, ParseFailure } from '../contract.ts';
import { decodeText } from '../encoding/decode-text.ts';
import { looksLikeText } from '../encoding/looks-like-text.ts';
import { type Reader, requireAtMost } from '../reading.ts';
import { isNestedDeeper } from './depth.ts';
import { htmlTitle, htmlToLines } from './to-lines.ts';

/** No page that a person wrote comes near; far beyond it a tree of it takes minutes to walk. */
const deepest = 2000;

/** HTML in the encoding of its byte order mark, its `<meta>`, or as it reads best. */
export const readHtml: Reader = async ({ bytes, limits }, output) => {
  // As a tree it takes many times its size.
  requireAtMost(limits.unpackedBytes / 4, bytes.length, 'bytes');
  if (!looksLikeText(bytes)) throw new ParseFailure('wrong-content', 'Read HTML: the content is binary');
  const html = decodeText(bytes, declaredCharset(bytes));
  if (isNestedDeeper(html, deepest)) throw new ParseFailure('damaged', 'Read HTML: its elements are nested too deeply');
  const notice = (kind: Notice['kind'], detail: string) => output.notice({ kind, page: null, detail });
  await output.page(htmlToLines(html, { characters: limits.characters, notice }));
  return { hasPages: false, title: htmlTitle(html) };
};

/** From `<meta charset>`, its older `http-equiv` form, or an XML declaration, near the beginning. */
function declaredCharset(bytes: Buffer): string | undefined {
  const head = bytes.subarray(0, 4096).toString('latin1');
  return (
    /<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}["']?([\w-]{1,40})/i.exec(head)?.[1] ??
    /^\s*<\?xml[^>]{0,100}encoding="([\w-]{1,40})"/.exec(head)?.[1]
  );
}
