import { codesIn, headingReference, type LegalReference, referencesIn } from '../text/index.ts';
import type { NumberedPassage } from './contract.ts';
import { isAbout } from './extractive/rank-sentences.ts';

/** A unit that a question asks for and that a document does not have. */
export interface AbsentUnit {
  asked: LegalReference;
  /** Title of the document. */
  title: string;
  /** What it has instead, of the same kind and rank, as in `1–12, 14`. */
  present: string;
}

type Kind = LegalReference['kind'];
/** What a contract calls by one name and a question by another. */
const numbered: ReadonlySet<Kind> = new Set(['article', 'section', 'clause', 'point']);
const askable: ReadonlySet<Kind> = new Set([...numbered, 'chapter', 'annex']);
const number = /^\d{1,4}(?:\.\d{1,3}){0,3}$/;
const annexNumber = /^(?:\d{1,3}(?:\.\d{1,3})?|[a-zа-я])$/;
const mostRanges = 8;
/** Documents that are told of. */
const mostTold = 3;
/** What may begin a unit: its number, or a word and its number. */
const unitLine = /^[ \t]*(?:[§\d(IVXLC]|\p{L}{2,12}\.?\s{0,3}(?:№\s?|no\.\s)?["«“]?[\dA-ZА-Я])[^\n]{0,16}/gmu;

interface Text {
  title: string;
  text: string;
}

/**
 * The unit that a question asks for, for each document that has others of its kind, where none of the documents has or
 * mentions it. Empty for a question that names several units, a part of one, or a unit of a code that is not among them.
 * @param references that the question names
 * @param passages what was found; only where it lacks the unit the documents' texts are asked for
 */
export async function absentUnits(
  references: readonly LegalReference[],
  passages: readonly Omit<NumberedPassage, 'number'>[],
  texts: () => Promise<readonly Text[]>,
): Promise<AbsentUnit[]> {
  const [asked, ...others] = references;
  if (!asked || others.length > 0 || !askable.has(asked.kind)) return [];
  if (!(asked.kind === 'annex' ? annexNumber : number).test(asked.number)) return [];
  if (passages.some((passage) => isAbout({ ...passage, number: 0 }, asked))) return [];
  return absentFrom(await texts(), asked);
}

function absentFrom(documents: readonly Text[], asked: LegalReference): AbsentUnit[] {
  const meant = documents.filter(({ title, text }) => isOfCode(asked, `${title}\n${text.slice(0, 500)}`));
  const isLike = ({ kind }: LegalReference) => kind === asked.kind || (numbered.has(kind) && numbered.has(asked.kind));
  const absent: (AbsentUnit & { isCalled: boolean })[] = [];
  for (const { title, text } of meant) {
    const units = unitsOf(text).filter(isLike);
    const known = [...units, ...referencesIn(mentions(text, asked)).filter(isLike)];
    if (known.some((reference) => reference.number === asked.number)) return [];
    const called = units.filter(({ kind }) => kind === asked.kind);
    const present = ranges(siblings(asked, called.length > 0 ? called : units));
    if (present !== '') absent.push({ asked, title, present, isCalled: called.length > 0 });
  }
  // Where one has articles, the numbered paragraphs of another are not what is meant by one.
  const called = absent.filter(({ isCalled }) => isCalled);
  return (called.length > 0 ? called : absent).slice(0, mostTold).map(({ isCalled: _, ...unit }) => unit);
}

const isOfCode = ({ code }: LegalReference, head: string) =>
  code === undefined || codesIn(head).some((named) => named.code === code);

/** What stands around its number: to look for all references of a large code takes half a second. */
function mentions(text: string, { number: asked }: LegalReference): string {
  const figures = asked.split('.')[0] as string;
  const written = new RegExp(/\d/.test(figures) ? `${figures}|\\b${toRoman(Number(figures))}\\b` : figures, 'gi');
  return Array.from(text.matchAll(written), ({ index }) => text.slice(Math.max(0, index - 40), index + 30)).join('\n');
}

const romanTens = ['', 'X', 'XX', 'XXX', 'XL', 'L', 'LX', 'LXX', 'LXXX', 'XC'];
const romanOnes = ['', 'I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX'];
const toRoman = (number: number) => `${romanTens[Math.floor(number / 10)] ?? '-'}${romanOnes[number % 10]}`;

function unitsOf(text: string): LegalReference[] {
  const lines = new Set(Array.from(text.matchAll(unitLine), ([line]) => line.trim()));
  return [...lines].map(headingReference).filter((reference) => reference !== undefined);
}

/** Numbers under the same one, as 7.1 and 7.2 are for 7.9; else those of the first rank. */
function siblings(asked: LegalReference, units: readonly LegalReference[]): string[] {
  const isNumber = (each: string) => (asked.kind === 'annex' ? annexNumber : number).test(each);
  const known = [...new Set(units.map((unit) => unit.number))].filter(isNumber);
  const parent = asked.number.slice(0, asked.number.lastIndexOf('.') + 1);
  const near = known.filter((each) => each.startsWith(parent) && !each.slice(parent.length).includes('.'));
  return near.length > 0 ? near : [...new Set(known.map((each) => each.split('.')[0] as string))];
}

/** `1–4, 6`; the first ones, where there are many gaps. */
function ranges(numbers: readonly string[]): string {
  const sorted = numbers.toSorted((a, b) => a.localeCompare(b, 'ru', { numeric: true }));
  const runs: [first: string, last: string][] = [];
  for (const number of sorted) {
    const run = runs.at(-1);
    if (run && isNext(run[1], number)) run[1] = number;
    else runs.push([number, number]);
  }
  const shown = runs.slice(0, mostRanges).map(([first, last]) => (first === last ? first : `${first}–${last}`));
  return shown.join(', ') + (runs.length > mostRanges ? ', …' : '');
}

function isNext(before: string, number: string): boolean {
  const [stem, last] = split(before);
  const [nextStem, next] = split(number);
  return stem === nextStem && next === last + 1;
}

/** The part of a number that counts, and what stands before it. */
function split(number: string): [stem: string, last: number] {
  const at = number.lastIndexOf('.') + 1;
  const last = number.slice(at);
  return [number.slice(0, at), /^\d/.test(last) ? Number(last) : (last.codePointAt(0) ?? 0)];
}
