/*
 * The title of a numbered clause or paragraph: alone on its line, or run in before the text («12.3 Governing Law. This
 * Agreement shall …», "9. INSURANCE   A. The …", «4.1. Срок аренды. Договор …»).
 */

export interface Title {
  text: string;
  /** Characters from where the title was looked for to behind its stop. */
  length: number;
}

interface Token {
  text: string;
  start: number;
  end: number;
}

const longest = 110;
const mostWords = 14;
/** So many spaces were a line break. */
const wideGap = 3;
const joiningWords = new Set(
  'of and or the to in for on by with a an from at as upon under between per not its no и или о об в во на по с со к от из за для при не до без'.split(
    ' ',
  ),
);
/** "Inc." and initials end no title; nor does the number of the next clause belong to one. */
const abbreviation = /^["“«(]?(?:Inc|Ltd|Co|Corp|Mr|Mrs|Ms|Dr|No|St|vs|\p{Lu}(?:\.\p{Lu})*)\.$/u;
const clauseNumber = /^(?:\(?[a-z\d]{1,3}\)|\d{1,2}\.(?:\d{1,3}\.?){0,4}|[A-Z]\.)$/i;
const sentenceStart = /^["“«([*$]*(?:\p{Lu}|\d|\[|\*|\$|\()/u;

/** A title that is the whole of a line: short and no sentence. */
export function wholeLineTitle(line: string): boolean {
  if (line.length > 90 || line === '') return false;
  if (/[;,]$/.test(line)) return false;
  const words = line.split(/\s+/, 6).length;
  return !/[.:]$/.test(line) || words <= (line.endsWith(':') ? 2 : 4);
}

/** The title that a text begins with, a sentence behind it; undefined where the text begins at once. */
export function runInTitle(rest: string): Title | undefined {
  const head = rest.slice(0, longest + 40);
  const tokens = Array.from(head.matchAll(/\S+/g), ({ 0: text, index }) => ({
    text,
    start: index,
    end: index + text.length,
  }));
  const found = capitalLine(tokens) ?? stopped(tokens) ?? inCapitals(tokens) ?? unstopped(head, tokens);
  if (found === undefined || found.text.length > longest || !/\p{L}{3}/u.test(found.text)) return undefined;
  return found;
}

/** "Governing Law. This", "Term: The", "Definitions – In", «Срок аренды. Договор»: words that begin large up to a stop. */
function stopped(tokens: Token[]): Title | undefined {
  const isRussian = /^["«]?[А-ЯЁ]/.test(tokens[0]?.text ?? '');
  for (const [index, { text, start }] of tokens.slice(0, mostWords).entries()) {
    if (index > 0 && (start - (tokens[index - 1] as Token).end >= wideGap || /^\d{1,2}\.\d{1,2}\.?$/.test(text)))
      return undefined;
    if (index > 0 && /^[–—-]$/.test(text)) return make(tokens, index - 1, index);
    const word = text.replace(/["”»)]+$/, '');
    if (/[.:]$/.test(word) && !abbreviation.test(word) && !clauseNumber.test(word)) return make(tokens, index, index);
    // Russian titles are written like sentences; so only short ones are distinguished from them.
    const mayBeSmall =
      index > 0 && (joiningWords.has(word.toLowerCase().replace(/,$/, '')) || (isRussian && index < 5));
    if (!mayBeSmall && !/^["“«(&]*[\p{Lu}\d&]/u.test(text)) return undefined;
    if (/[!?]/.test(text)) return undefined;
  }
  return undefined;
}

function make(tokens: Token[], last: number, stop: number): Title | undefined {
  const next = tokens[stop + 1];
  if (next !== undefined && !sentenceStart.test(next.text) && !clauseNumber.test(next.text)) return undefined;
  return { text: join(tokens.slice(0, last + 1)), length: (tokens[stop] as Token).end };
}

/** Of capitals that go on with a word that only begins large («PRODUCT SALES Loop shall»), when they are two words or more. */
function capitalLine(tokens: Token[]): Title | undefined {
  const title = inCapitals(tokens);
  return title?.text.includes(' ') ? title : undefined;
}

/** "INSURANCE   A. The Contractor", "RIGHTS GRANTED Licensor grants". A party's name continues in small letters. */
function inCapitals(tokens: Token[]): Title | undefined {
  let count = tokens.findIndex(
    ({ text, start }, index) =>
      /\p{Ll}/u.test(text) ||
      clauseNumber.test(text) ||
      (index > 0 && start - (tokens[index - 1] as Token).end >= wideGap),
  );
  if (count === -1) count = tokens.length;
  const stop = tokens.slice(0, count).findIndex(({ text }) => /[.:]$/.test(text) && !abbreviation.test(text));
  if (stop !== -1) return make(tokens, stop, stop);
  const next = tokens[count];
  if (next !== undefined && /^\p{Ll}/u.test(next.text)) {
    if (!/^\p{Lu}$/u.test(tokens[count - 1]?.text ?? '')) return undefined;
    count -= 1;
  }
  const words = tokens.slice(0, count);
  if (words.length === 0 || words.length > mostWords || !words.some(({ text }) => /\p{Lu}{4}/u.test(text)))
    return undefined;
  return { text: join(words), length: (words.at(-1) as Token).end };
}

/** "Engineering Changes 11.1 Customer may", "Sufficiency     To the Knowledge": the next number or a wide gap ends it. */
function unstopped(head: string, tokens: Token[]): Title | undefined {
  for (const [index, token] of tokens.slice(0, mostWords).entries()) {
    const next = tokens[index + 1];
    if (next === undefined) return undefined;
    if (/[;!?,]$/.test(token.text) || clauseNumber.test(token.text)) return undefined;
    const isEnd =
      /^\d{1,2}\.\d/.test(next.text) || (next.start - token.end >= wideGap && sentenceStart.test(next.text));
    if (!isEnd) continue;
    const text = head.slice(0, token.end);
    return isCapitalized(text) ? { text: join(tokens.slice(0, index + 1)), length: token.end } : undefined;
  }
  return undefined;
}

const join = (tokens: Token[]): string =>
  tokens
    .map(({ text }) => text)
    .join(' ')
    .replace(/[.:;,\s–—-]+$/, '');

/** Most words of four letters and more begin large. */
export function isCapitalized(text: string): boolean {
  const words = text.match(/\p{L}[\p{L}\p{M}'’-]{3,}/gu) ?? [];
  const large = words.filter((one) => /^\p{Lu}/u.test(one)).length;
  return words.length > 0 && large / words.length >= 0.7;
}

/** A line of nothing but capitals: «ПРЕДМЕТ ДОГОВОРА», "GOVERNING LAW". */
export const isInCapitals = (text: string): boolean => /\p{Lu}{4}/u.test(text) && !/\p{Ll}/u.test(text);
