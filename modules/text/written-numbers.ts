import { type NumberPart, numberWords } from './number-words.ts';
import type { Word } from './span.ts';

/*
 * Numbers that are written in words, in figures: «тридцати (30) дней», "thirty days" and «30 дней» are all about `30`,
 * «пять процентов» and "five (5) per cent" about `5%`. «Один» and "one" are numbers before what is counted or measured
 * only: «одна из Сторон» names none. Ordinal numbers («двадцать пятое») stay words.
 */

const longestGap = 4;
const mostPlaces = 6;
const gap = /^[\s\u00ad‐‑-]{1,4}$/u;
const bracket = /^\s{0,2}\($/u;
const behindBracket = /^\)?\s{0,2}$/u;
const shareSign = /^\)?\s?%/u;
const shareWord = /^(?:процент\p{L}{0,3}|проц|percent)$/u;
const measured =
  /^(?:дн[яюейам]{1,3}|день|сут\p{L}{2,3}|недел\p{L}{1,3}|месяц\p{L}{0,3}|год\p{L}{0,3}|лет|час\p{L}{0,3}|минут\p{L}{0,3}|рубл\p{L}{1,3}|копе\p{L}{2,4}|доллар\p{L}{0,3}|евро|экземпляр\p{L}{0,3}|календарн\p{L}{2,3}|рабоч\p{L}{2,3}|банковск\p{L}{2,3}|days?|weeks?|months?|years?|hours?|minutes?|dollars?|cents?|euros?|pounds?|roubles?|rubles?|copy|copies|counterparts?|calendar|business|working)$/u;
const ordinal =
  /^(?:(?:перв|втор|четверт|пят|шест|седьм|восьм|девят|\p{L}*десят|\p{L}*дцат|сороков|\p{L}*сот|тысячн)(?:ый|ой|ая|ое|ого|ому|ым|ом|ую|ые|ых|ыми)|трет(?:ий|ья|ье|ьего|ьему|ьим|ьем|ьей|ью)|first|second|third|\p{L}{2,9}th)$/u;

let vocabulary: ReadonlyMap<string, NumberPart> | undefined;

/** The words of a text with one word, in figures, in the place of each number that is written in words. */
export function* withNumbers(text: string, words: Iterator<Word>): Generator<Word> {
  vocabulary ??= numberWords();
  const ahead: Word[] = [];
  const peek = (at: number): Word | undefined => {
    while (ahead.length <= at) {
      const next = words.next();
      if (next.done) return undefined;
      ahead.push(next.value);
    }
    return ahead[at];
  };
  const all = { text, peek, known: vocabulary };
  for (let first = peek(0); first; first = peek(0)) {
    const number = mayBegin(first.text, vocabulary.get(first.text)) ? readNumber(all) : undefined;
    if (number === undefined) {
      ahead.shift();
      yield first;
      continue;
    }
    const taken = ahead.splice(0, number.count);
    const parts = taken.flatMap((word) => (/\p{L}/u.test(word.text) ? [word.text] : (word.parts ?? [])));
    yield { text: number.text, start: first.start, end: number.end, parts };
  }
}

const mayBegin = (word: string, part: NumberPart | undefined): boolean =>
  part?.kind === 'digits' || part?.kind === 'times' || part?.kind === 'half' || (part?.kind === 'link' && word === 'a');

/** The words ahead of a place in a text. */
interface Ahead {
  text: string;
  peek(at: number): Word | undefined;
  known: ReadonlyMap<string, NumberPart>;
}

interface Found {
  value: number;
  /** Words that it takes. */
  count: number;
}

function readNumber(ahead: Ahead): { text: string; count: number; end: number } | undefined {
  const half = readHalfShare(ahead);
  const found = half ?? readValue(ahead);
  if (!found || ordinal.test(wordAt(ahead, found.count) ?? '')) return undefined;
  const { value } = found;
  const figure = String(value);
  const last = ahead.peek(found.count - 1) as Word;
  const inBrackets = figureInBrackets(ahead, found.count, figure);
  const count = found.count + (inBrackets ? 1 : 0);
  const share = half ? { words: 0, end: last.end } : readShare(ahead, count);
  const isShare = share !== undefined || inBrackets?.text.endsWith('%') === true;
  const isCounted = isShare || inBrackets !== undefined || measured.test(wordAt(ahead, count) ?? '');
  if (value === 1 && found.count === 1 && !isCounted) return undefined;
  const end = share?.end ?? inBrackets?.end ?? last.end;
  return { text: isShare ? `${figure}%` : figure, count: count + (share?.words ?? 0), end };
}

/** The same number in figures behind it, as in «пять (5)», or its share: «пять (5%)». */
function figureInBrackets({ text, peek }: Ahead, at: number, figure: string): Word | undefined {
  const [before, next] = [peek(at - 1), peek(at)];
  if (!before || !next || !bracket.test(text.slice(before.end, Math.min(next.start, before.end + longestGap))))
    return undefined;
  return next.text === figure || next.text === `${figure}%` ? next : undefined;
}

/** «процентов», "per cent" or a sign behind the words before `at`. */
function readShare({ text, peek }: Ahead, at: number): { words: number; end: number } | undefined {
  const before = peek(at - 1) as Word;
  const sign = shareSign.exec(text.slice(before.end, before.end + longestGap));
  if (sign) return { words: 0, end: before.end + sign[0].length };
  const [next, second] = [peek(at), peek(at + 1)];
  if (!next || !behindBracket.test(text.slice(before.end, Math.min(next.start, before.end + longestGap))))
    return undefined;
  if (shareWord.test(next.text)) return { words: 1, end: next.end };
  return next.text === 'per' && /^cent(?:um)?$/.test(second?.text ?? '')
    ? { words: 2, end: (second as Word).end }
    : undefined;
}

/** "half a percent", "one-half of one percent", «половина процента», «полпроцента». */
function readHalfShare(ahead: Ahead): Found | undefined {
  if (wordAt(ahead, 0) === 'полпроцента') return { value: 0.5, count: 1 };
  let at = /^(?:one|a)$/.test(wordAt(ahead, 0) ?? '') ? 1 : 0;
  if (partAt(ahead, at)?.kind !== 'half') return undefined;
  at += 1;
  if (wordAt(ahead, at) === 'of') at += 1;
  if (/^(?:one|a|1)$/.test(wordAt(ahead, at) ?? '')) at += 1;
  const share = readShare(ahead, at);
  return share && { value: 0.5, count: at + share.words };
}

function readValue(ahead: Ahead): Found | undefined {
  const whole = readWhole(ahead, 0);
  if (!whole) return undefined;
  const { value, count } = readFraction(ahead, whole) ?? whole;
  const times = count === whole.count ? undefined : partAt(ahead, count);
  if (times?.kind !== 'times') return { value, count };
  // 2.3 times a million is no whole number as a float.
  return { value: Number((value * times.value).toPrecision(12)), count: count + 1 };
}

/** Where a word stands in a number: each is followed by lower ones only, until a multiple begins again. */
const ranks = { hundred: 3, ten: 2, teen: 1, unit: 1 };
const leastBefore = { hundred: 4, ten: 3, teen: 3, unit: 2 };
const START = 4;

/** A whole number from a word on: «сто двадцать пять тысяч», "one hundred and eighty". */
function readWhole(ahead: Ahead, from: number): Found | undefined {
  let [total, group, rank, multiple] = [0, 0, START, Number.POSITIVE_INFINITY];
  let at = from;
  for (;;) {
    const linked = linkedPart(ahead, at, at > from && partAt(ahead, at - 1)?.kind === 'times', at === from);
    const part = linked?.part ?? partAt(ahead, at);
    if (part?.kind === 'digits' && rank >= leastBefore[part.rank]) {
      group += part.value;
      rank = part.value === 0 ? 0 : ranks[part.rank];
    } else if (part?.kind === 'times' && part.value === 100 && (linked || (group > 0 && group < 100))) {
      group = Math.max(1, group) * 100;
      rank = ranks.hundred;
    } else if (
      part?.kind === 'times' &&
      part.value > 100 &&
      part.value < multiple &&
      (linked || group > 0 || (at === from && part.mayStandAlone))
    ) {
      total += Math.max(1, group) * part.value;
      [group, rank, multiple] = [0, START, part.value];
    } else break;
    at += linked ? 2 : 1;
  }
  return at === from ? undefined : { value: total + group, count: at - from };
}

/** What stands behind "and" within a number, as in "one hundred and five", or behind "a" at its beginning. */
function linkedPart(ahead: Ahead, at: number, isInside: boolean, isFirst: boolean): { part: NumberPart } | undefined {
  const word = wordAt(ahead, at);
  const next = partAt(ahead, at + 1);
  if (isFirst && word === 'a' && next?.kind === 'times') return { part: next };
  return isInside && word === 'and' && next?.kind === 'digits' ? { part: next } : undefined;
}

/** A number with its fraction: «пять целых и две десятых», «пять десятых», "two point five", "two and a half", «два с половиной». */
function readFraction(ahead: Ahead, whole: Found): Found | undefined {
  const { value, count } = whole;
  const next = partAt(ahead, count);
  if (next?.kind === 'fraction') return { value: value / next.value, count: count + 1 };
  if (next?.kind === 'point' && next.language === 'en') {
    let figures = '';
    while (figures.length < mostPlaces) {
      const part = partAt(ahead, count + 1 + figures.length);
      if (part?.kind !== 'digits' || part.value > 9) break;
      figures += part.value;
    }
    return figures === '' ? undefined : { value: Number(`${value}.${figures}`), count: count + 1 + figures.length };
  }
  if (next?.kind === 'point') {
    const from = count + 1 + (partAt(ahead, count + 1)?.kind === 'link' ? 1 : 0);
    const part = readWhole(ahead, from);
    const unit = part && partAt(ahead, from + part.count);
    if (!part || unit?.kind !== 'fraction') return undefined;
    return { value: (value * unit.value + part.value) / unit.value, count: from + part.count + 1 };
  }
  if (next?.kind !== 'link') return undefined;
  const at = count + 1 + (/^(?:a|one)$/.test(wordAt(ahead, count + 1) ?? '') ? 1 : 0);
  return partAt(ahead, at)?.kind === 'half' ? { value: value + 0.5, count: at + 1 } : undefined;
}

/** The word at a place, where nothing but a space or a hyphen parts it from the one before. */
function wordAt({ text, peek }: Ahead, at: number): string | undefined {
  const word = peek(at);
  const before = at > 0 ? peek(at - 1) : undefined;
  if (!word || (before && !gap.test(text.slice(before.end, word.start)))) return undefined;
  return word.text;
}

function partAt(ahead: Ahead, at: number): NumberPart | undefined {
  const word = wordAt(ahead, at);
  return word === undefined ? undefined : ahead.known.get(word);
}
