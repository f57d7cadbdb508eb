import { isAsking, type Meaning } from '../../question/index.ts';
import { askedStems, isFigureStem, type LegalReference, stems, words } from '../../text/index.ts';
import { type Concept, readConcepts } from './concepts.ts';

/** What a sentence is measured against that may answer a question. */
export interface Asked {
  /** What it speaks of, without the words that only ask or only name a document. */
  concepts: Concept[];
  /** Stems of the words in front of it that say which document is meant. */
  frame: ReadonlySet<string>;
  /** Articles, sections or clauses it names. */
  references: readonly LegalReference[];
  /** Its small words of letters by their stems, as they are spelt; names are left out. */
  spelt: ReadonlyMap<string, string>;
  /** Stems of the figures, months and names among its concepts: of a table only a row that has all of them is meant. */
  selectors: string[];
  /** Whether a number, a date or an amount is asked for. */
  wantsFigure: boolean;
}

/** Words around an amount or a day that say what it is, and nothing of what it stands in. */
const measureWords = `сумма рубль рубли рублей руб коп копейка копеек число дата день дня дней год года цифра размер величина значение
  указан указана указано указаны упоминается встречается находится написано найти пункт пункты процент процентов составляет равен равна
  amount sum figure number date day days year percent per cent value ruble rubles rouble roubles dollar dollars euro euros usd eur rub
  mentioned mention appear appears written stand stands found clause equal equals`;
let measureStems: ReadonlySet<string> | undefined;

const figure =
  /(?<!\p{L})(?:сколько|когда|как (?:долго|часто|скоро)|как[а-я]{1,3} (?:\p{L}{1,30} ){0,2}(?:срок|размер|сумм|дат|процент|период|продолжительн|длительн|максимальн|минимальн|предельн|ставк|дол[яю]|цен|стоимост)|how (?:long|many|much|often|soon|late|old)|when|(?:what|which) (?:\p{L}{1,30} ){0,3}(?:date|day|amount|period|term|deadline|price|rate|fee|sum|percentage|number|limit|cap|length|duration)s?(?!\p{L}))/iu;

/** @param naming stems of words that only say which document is meant */
export function askedOf(question: Meaning, naming: ReadonlySet<string> = new Set()): Asked {
  const { carried, frame, rest, references, subject } = question;
  measureStems ??= new Set(stems(measureWords));
  const all = [...new Set(askedStems(subject))];
  const isMeasured = all.some(isFigureStem);
  const content = all.filter((stem) => !isAsking(stem) && !(isMeasured && measureStems?.has(stem)));
  const left = content.filter((stem) => !naming.has(stem));
  const own = left.length > 0 || references.length > 0 ? left : content.length > 0 ? content : all;
  // Words of earlier turns count for less than its own.
  const before = [...new Set(askedStems(carried))].filter((stem) => !isAsking(stem) && !own.includes(stem));
  const selectors = selectorsOf(subject);
  return {
    concepts: readConcepts(own, before),
    frame: new Set(stems(frame)),
    references,
    spelt: new Map([...speltIn(subject), ...speltIn(carried)]),
    selectors: own.filter((stem) => isFigureStem(stem) || selectors.has(stem)),
    wantsFigure: figure.test(rest),
  };
}

const month =
  /(?<!\p{L})(?:январ|феврал|март|апрел|ма[йяе](?!\p{L})|июн|июл|август|сентябр|октябр|ноябр|декабр|january|february|march|april|may(?=\s\d)|june|july|august|september|october|november|december)\p{L}{0,3}/giu;
const name = /(?<=[^.?!\s]\s)\p{Lu}[\p{L}-]+|[«"“„][^»"”“]{2,80}[»"”“]/gu;

/** Stems of the months and names in a question. Where all words are written large, that tells nothing. */
function selectorsOf(text: string): ReadonlySet<string> {
  const names = /\p{Ll}/u.test(text) ? (text.match(name) ?? []) : [];
  return new Set([...(text.match(month) ?? []), ...names].flatMap(askedStems));
}

/** At a sentence's beginning any word is large. */
function speltIn(text: string): [stem: string, word: string][] {
  return Array.from(words(text)).flatMap(({ text: word, start }): [string, string][] => {
    const isName = /^\p{Lu}/u.test(text.slice(start)) && /[^.?!\s]\s*$/u.test(text.slice(0, start));
    const [stem] = isName || !/^\p{L}+$/u.test(word) ? [] : stems(word);
    return stem === undefined ? [] : [[stem, word]];
  });
}

const number =
  /\d|(?<!\p{L})(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty|fifty|sixty|ninety|hundred|один|одного|одной|дв[ауе]|двух|тр[её]х|три|четыр[её]х|четыре|пят[ьи]|шест[ьи]|сем[ьи]|восьми|девят[ьи]|десят[ьи]|пятнадцат[ьи]|двадцат[ьи]|тридцат[ьи]|сорока?|шестидесяти|девяноста|ста)(?!\p{L})/iu;

/** Whether a text has a number, in figures or in words. */
export const hasFigure = (text: string): boolean => number.test(text);
