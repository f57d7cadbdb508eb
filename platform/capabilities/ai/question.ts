import { stems } from '../language/index.ts';

export interface Question {
  /** Its distinct stems, in order, without the words that only ask. */
  stems: string[];
  /** Numbers of articles, sections or clauses it names. */
  references: string[];
  /** Whether a number, a date or an amount is asked for. */
  wantsFigure: boolean;
}

/** Words that a question is made of rather than about, and names of codes, which name a document. */
const askingWords = `what which who whose how many much long often there any anyone someone please tell explain describe say says said
  states stated according regard regarding respect looking question answer document documents agreement contract
  happen happens between else possible
  сколько кто кому кого почему зачем скажите подскажите объясните расскажите опишите приведите приведи сказано говорится
  какая какое каков какова каково содержание согласно вопрос ответ документ документы договор нужно надо должен должна
  должны может могут вправе указано предусмотрено положено тк гк ск ук нк апк гпк упк коап жк зк рф`;
let askingStems: ReadonlySet<string> | undefined;

const reference =
  /(?:(?<!\p{L})(?:ст(?:ать[а-я]+|\.)?|п(?:ункт[а-я]*|\.)|гл(?:ав[а-я]+|\.)|art(?:icle|\.)?|sec(?:tion|\.)?|clause|chapter)|§)\s*(\d+(?:\.\d+)*)/giu;

const figure =
  /(?<!\p{L})(?:сколько|когда|как (?:долго|часто|скоро)|как[а-я]{1,3} (?:\p{L}+ ){0,2}(?:срок|размер|сумм|дат|процент|период|продолжительн|длительн|максимальн|минимальн|предельн|ставк|дол[яю]|цен|стоимост)|how (?:long|many|much|often|soon|late|old)|when|(?:what|which) (?:\p{L}+ ){0,3}(?:date|day|amount|period|term|deadline|price|rate|fee|sum|percentage|number|limit|cap|length|duration)s?(?!\p{L}))/iu;

export function readQuestion(text: string): Question {
  const all = [...new Set(stems(text.replace(reference, ' ')))];
  // Not at import: stemming them would take a twentieth of a function's start.
  askingStems ??= new Set(stems(askingWords));
  const asking = askingStems;
  const content = all.filter((stem) => !asking.has(stem));
  const references = referencesIn(text);
  return {
    stems: content.length > 0 || references.length > 0 ? content : all,
    references,
    wantsFigure: figure.test(text),
  };
}

const number =
  /\d|(?<!\p{L})(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty|fifty|sixty|ninety|hundred|один|одного|одной|дв[ауе]|двух|тр[её]х|три|четыр[её]х|четыре|пят[ьи]|шест[ьи]|сем[ьи]|восьми|девят[ьи]|десят[ьи]|пятнадцат[ьи]|двадцат[ьи]|тридцат[ьи]|сорока?|шестидесяти|девяноста|ста)(?!\p{L})/iu;

/** Whether a text has a number, in figures or in words. */
export const hasFigure = (text: string): boolean => number.test(text);

/** Numbers behind «статья», «п.», "Section", § and the like, in order. */
export const referencesIn = (text: string): string[] => Array.from(text.matchAll(reference), (match) => match[1] ?? '');
