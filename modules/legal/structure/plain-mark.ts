import { type Line, toMark } from './line.ts';
import { type Mark, toLabel } from './mark.ts';
import { isCapitalized, isInCapitals, runInTitle } from './title.ts';

const longestParagraph = 2500;
const noHeading =
  /^(?:by|name|title|date|attention|attn|tel|fax|email|e-mail|address|source|page|стр|дата|exhibit|schedule|annex|appendix|section|article|подпись|инн|кпп|огрн|адрес|тел)(?!\p{L})|[:@]|^[^\p{L}]*$|^\[/iu;

/** A heading without a number: in capitals or capitalized on a line of its own, or run in before a paragraph's text. */
export function plainMark({ text, line, start, end, isShort }: Line): Mark | undefined {
  if (!/^["“«]?\p{Lu}/u.test(line)) return undefined;
  if (!isShort) {
    // Where a whole page is one line, the heading would stand above all of it.
    const isParagraph = end - start <= longestParagraph && isParagraphStart(text, start);
    const runIn = isParagraph && !/^["“«]?[А-ЯЁ]/.test(line) ? runInTitle(line) : undefined;
    if (runIn === undefined || runIn.text.length > 60 || noHeading.test(runIn.text)) return undefined;
    if (!isCapitalized(runIn.text) || /^(?:whereas|now|witnesseth|recitals?)\b/iu.test(runIn.text)) return undefined;
    return toMark('plain', start, start + runIn.length, { label: toLabel(runIn.text) });
  }
  if (line.length > 90 || noHeading.test(line) || /[.;,]$/.test(line) || /\d{4}|_{2}|\//.test(line)) return undefined;
  const label = toLabel(line.replace(/:$/, ''));
  if (isInCapitals(line)) return toMark('plain', start, start + line.length, { label });
  const isAlone = isParagraphStart(text, start) && isBeforeText(text, end);
  const words = line.split(/\s+/).length;
  return isAlone && words <= 8 && isCapitalized(line)
    ? toMark('plain', start, start + line.length, { label })
    : undefined;
}

const isParagraphStart = (text: string, start: number) =>
  start === 0 || /\n[ \t]{0,20}\n[ \t]{0,40}$/.test(text.slice(Math.max(0, start - 64), start));

/** A blank line, then a paragraph or a numbered clause. */
function isBeforeText(text: string, lineEnd: number): boolean {
  const below = /^\n[ \t]{0,40}\n\s{0,80}(\S[^\n]{0,120})/.exec(text.slice(lineEnd, lineEnd + 260))?.[1] ?? '';
  return below.length >= 100 || /^(?:\d{1,2}\.|\(?[a-zа-я\d]\))/iu.test(below);
}
