import { type LegalReference, referencesIn, stems } from '../language/index.ts';
import { type Concept, readConcepts } from './concepts.ts';
import { splitFrame } from './question-frame.ts';

export interface Question {
  /** What it speaks of, without the words that only ask or only name a document. */
  concepts: Concept[];
  /** Stems of the words in front of it that say which document is meant. */
  frame: ReadonlySet<string>;
  /** Articles, sections or clauses it names. */
  references: LegalReference[];
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

const reference =
  /(?:(?<!\p{L})(?:ст(?:ать[а-я]{1,4}|\.)?|п(?:ункт[а-я]{0,4}|\.)|гл(?:ав[а-я]{1,3}|\.)|art(?:icle|\.)?|sec(?:tion|\.)?|clause|chapter)|§)\s{0,3}\d{1,5}(?:\.\d{1,5}){0,4}/giu;

const figure =
  /(?<!\p{L})(?:сколько|когда|как (?:долго|часто|скоро)|как[а-я]{1,3} (?:\p{L}{1,30} ){0,2}(?:срок|размер|сумм|дат|процент|период|продолжительн|длительн|максимальн|минимальн|предельн|ставк|дол[яю]|цен|стоимост)|how (?:long|many|much|often|soon|late|old)|when|(?:what|which) (?:\p{L}{1,30} ){0,3}(?:date|day|amount|period|term|deadline|price|rate|fee|sum|percentage|number|limit|cap|length|duration)s?(?!\p{L}))/iu;

/** @param carried words of earlier turns that the question leaves out; they count for less than its own */
export function readQuestion(text: string, carried = ''): Question {
  const { frame, rest } = splitFrame(text);
  const all = [...new Set(stems(rest.replace(reference, ' ')))];
  const content = all.filter((stem) => !isAsking(stem));
  const references = referencesIn(text);
  const own = content.length > 0 || references.length > 0 ? content : all;
  const before = [...new Set(stems(carried))].filter((stem) => !isAsking(stem) && !own.includes(stem));
  return {
    concepts: readConcepts(own, before),
    frame: new Set(stems(frame)),
    references,
    wantsFigure: figure.test(rest),
  };
}

const number =
  /\d|(?<!\p{L})(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty|fifty|sixty|ninety|hundred|один|одного|одной|дв[ауе]|двух|тр[её]х|три|четыр[её]х|четыре|пят[ьи]|шест[ьи]|сем[ьи]|восьми|девят[ьи]|десят[ьи]|пятнадцат[ьи]|двадцат[ьи]|тридцат[ьи]|сорока?|шестидесяти|девяноста|ста)(?!\p{L})/iu;

/** Whether a text has a number, in figures or in words. */
export const hasFigure = (text: string): boolean => number.test(text);
