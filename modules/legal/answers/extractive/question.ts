import {
  askedStems,
  isFigureStem,
  type LegalReference,
  locateReferences,
  referencesIn,
  stems,
  words,
} from '../../text/index.ts';
import { type Concept, readConcepts } from './concepts.ts';
import { splitFrame } from './question-frame.ts';

export interface Question {
  /** What it speaks of, without the words that only ask or only name a document. */
  concepts: Concept[];
  /** Stems of the words in front of it that say which document is meant. */
  frame: ReadonlySet<string>;
  /** Articles, sections or clauses it names. */
  references: LegalReference[];
  /** Its small words of letters by their stems, as they are spelt; names are left out. */
  spelt: ReadonlyMap<string, string>;
  /** Stems of the figures, months and names among its concepts: of a table only a row that has all of them is meant. */
  selectors: string[];
  /** Whether a number, a date or an amount is asked for. */
  wantsFigure: boolean;
}

/** Words that a question is made of rather than about, and names of codes, which name a document. */
const askingWords = `what which who whose how many much long often there any anyone someone please tell explain describe say says said
  states stated according regard regarding respect looking question answer document documents agreement contract
  happen happens between else possible must shall
  сколько кто кому кого почему зачем скажите подскажите объясните расскажите опишите приведите приведи сказано говорится
  какая какое каких какой каков какова каково содержание согласно вопрос ответ документ документы договор нужно надо должен должна
  должны может могут вправе указано предусмотрено положено тк гк ск ук нк апк гпк упк коап жк зк рф`;
let askingStems: ReadonlySet<string> | undefined;

/** Whether a stem belongs to the asking and not to what is asked about. */
export function isAsking(stem: string): boolean {
  // Not at import: stemming them would take a twentieth of a function's start.
  askingStems ??= new Set(stems(askingWords));
  return askingStems.has(stem);
}

/** Words around an amount or a day that say what it is, and nothing of what it stands in. */
const measureWords = `сумма рубль рубли рублей руб коп копейка копеек число дата день дня дней год года цифра размер величина значение
  указан указана указано указаны упоминается встречается находится написано найти пункт пункты процент процентов составляет равен равна
  amount sum figure number date day days year percent per cent value ruble rubles rouble roubles dollar dollars euro euros usd eur rub
  mentioned mention appear appears written stand stands found clause equal equals`;
let measureStems: ReadonlySet<string> | undefined;

const figure =
  /(?<!\p{L})(?:сколько|когда|как (?:долго|часто|скоро)|как[а-я]{1,3} (?:\p{L}{1,30} ){0,2}(?:срок|размер|сумм|дат|процент|период|продолжительн|длительн|максимальн|минимальн|предельн|ставк|дол[яю]|цен|стоимост)|how (?:long|many|much|often|soon|late|old)|when|(?:what|which) (?:\p{L}{1,30} ){0,3}(?:date|day|amount|period|term|deadline|price|rate|fee|sum|percentage|number|limit|cap|length|duration)s?(?!\p{L}))/iu;

/**
 * @param carried words of earlier turns that the question leaves out; they count for less than its own
 * @param naming stems of words that only say which document is meant
 */
export function readQuestion(text: string, carried = '', naming: ReadonlySet<string> = new Set()): Question {
  measureStems ??= new Set(stems(measureWords));
  const { frame, rest } = splitFrame(text);
  const asked = withoutReferences(rest);
  const all = [...new Set(askedStems(asked))];
  const isMeasured = all.some(isFigureStem);
  const content = all.filter((stem) => !isAsking(stem) && !(isMeasured && measureStems?.has(stem)));
  const references = referencesIn(text);
  const left = content.filter((stem) => !naming.has(stem));
  const own = left.length > 0 || references.length > 0 ? left : content.length > 0 ? content : all;
  const before = [...new Set(askedStems(carried))].filter((stem) => !isAsking(stem) && !own.includes(stem));
  return {
    concepts: readConcepts(own, before),
    frame: new Set(stems(frame)),
    references,
    spelt: new Map([...speltIn(asked), ...speltIn(carried)]),
    selectors: own.filter((stem) => isFigureStem(stem) || selectorsOf(asked).has(stem)),
    wantsFigure: figure.test(rest),
  };
}

function withoutReferences(text: string): string {
  let [left, at] = ['', 0];
  for (const { start, end } of locateReferences(text)) {
    if (start < at) continue;
    left += `${text.slice(at, start)} `;
    at = end;
  }
  return left + text.slice(at);
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
