import type { DocumentType } from '../../../db/schema/legal/documents.ts';
import { ranks } from '../structure/mark.ts';
import { outlineOf, type Section } from '../structure/outline.ts';
import { codesIn } from '../text/index.ts';
import { agreementKind } from './agreement-kind.ts';
import { dateOf } from './document-dates.ts';
import { documentTypeOf } from './document-type.ts';
import { partiesOf } from './parties.ts';

export interface DocumentFacts {
  /**
   * What the document is, in at most 150 characters: of a contract its kind and parties, of a statute its code and
   * article, else its title and first meaningful words. Put before each chunk when it is indexed; never shown or quoted.
   */
  description: string;
  type: DocumentType;
  /** The day that the document bears, YYYY-MM-DD. */
  dated?: string;
  /** Who concluded a contract, as far as its head tells. */
  parties: string[];
}

const longest = 150;
const headLength = 20_000;
const enoughLetters = /\p{L}.*\p{L}.*\p{L}/u;
const linesLookedAt = 40;
const longestPartyInDescription = 45;

/** What a document says of itself at its head. Pure, and its time does not grow with the document. */
export function describeDocument(document: {
  title: string | undefined;
  fileName: string;
  text: string;
}): DocumentFacts {
  const { text } = document;
  const title = document.title ?? document.fileName.replace(/\.[^.]{1,10}$/, '').replaceAll(/[_\s]+/g, ' ');
  const type = documentTypeOf(title, text);
  const parties = type === 'contract' ? partiesOf(text) : [];
  const dated = dateOf(text);
  const parts = createParts();
  if (type === 'contract') addContract(parts, document, parties);
  else if (type === 'statute') addStatute(parts, text);
  else parts.add(title);
  if (parts.length() < longest / 2 && parties.length < 2) {
    if (type === 'contract') parts.add(document.title ?? '');
    addFirstLines(parts, text);
  }
  return { description: parts.toText(), type, ...(dated !== undefined && { dated }), parties };
}

function addContract(
  parts: Parts,
  { title, fileName, text }: { title: string | undefined; fileName: string; text: string },
  parties: string[],
): void {
  const kind = agreementKind(text) ?? title ?? fileName.replace(/\.[^.]{1,10}$/, '').replaceAll(/[_\s]+/g, ' ');
  const isRussian = /[А-ЯЁа-яё]{4}/.test(kind);
  const names = parties.map((name) => shorten(name, longestPartyInDescription));
  const and = isRussian ? ' и ' : ' and ';
  const between = names.length === 0 ? '' : `${isRussian ? ' между ' : ' between '}${names.slice(0, 3).join(and)}`;
  parts.add(`${shorten(kind, longest - Math.min(between.length, 95))}${between}`);
}

/** «Трудовой кодекс Российской Федерации (ТК РФ). Статья 81. …», the article only where it is the document's only one. */
function addStatute(parts: Parts, text: string): void {
  const units = unitsOf(outlineOf(text.slice(0, headLength)));
  const code = units.find(({ rank }) => rank === ranks.code)?.label;
  const abbreviation = code === undefined ? undefined : codesIn(code)[0]?.code;
  if (code !== undefined) parts.add(abbreviation === undefined ? code : `${code} (${abbreviation} РФ)`);
  const articles = units.filter(({ rank }) => rank === ranks.article);
  if (articles.length !== 1) return;
  parts.add(articles[0]?.label ?? '');
  parts.add(units.findLast(({ rank }) => rank === ranks.chapter)?.label ?? '');
}

const unitsOf = (section: Section): { rank: number | undefined; label: string }[] =>
  section.children.flatMap((child) =>
    child.mark?.style === 'unit' ? [{ rank: child.mark.rank, label: child.mark.label }, ...unitsOf(child)] : [],
  );

function addFirstLines(parts: Parts, text: string): void {
  for (const line of text.slice(0, 8000).split('\n').slice(0, linesLookedAt)) {
    parts.add(line.replace(/^#+\s/, ''));
    if (parts.length() >= longest) break;
  }
}

type Parts = ReturnType<typeof createParts>;

/** Gathers what is not said yet. */
function createParts() {
  const parts: string[] = [];
  return {
    add(part: string) {
      const clean = part
        .slice(0, 1000)
        .replaceAll(/\s+/g, ' ')
        .trim()
        .replace(/[.:;,]$/, '');
      const isKnown = parts.some((other) => other.toLowerCase().includes(clean.toLowerCase()));
      if (enoughLetters.test(clean.slice(0, longest)) && !isKnown) parts.push(clean);
    },
    length: () => parts.join('. ').length,
    toText: () => shorten(parts.join('. '), longest),
  };
}

function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  const cut = text.slice(0, most).toWellFormed();
  const space = cut.lastIndexOf(' ');
  return (space > most / 2 ? cut.slice(0, space) : cut).replace(/[\ufffd\s.,;:—-]+$/, '');
}
