import { DeletedTextRun, HeadingLevel, InsertedTextRun, Paragraph, type ParagraphChild } from 'docx';
import { docxRuns, writeDocx } from '../writing/docx.ts';
import { directedPieces, printable } from '../writing/printable.ts';
import type { ComparedClause, Comparison, NamedVersion } from './contract.ts';
import { redlineWords } from './redline-words.ts';

const AUTHOR = 'Pandect';

/** A stretch of a paragraph. */
interface Piece {
  kind: 'kept' | 'inserted' | 'removed';
  text: string;
}

/** A Word document of the later text in which each difference is a tracked change. */
export async function writeRedline(
  { before, after }: { before: NamedVersion; after: NamedVersion },
  { clauses, counts }: Comparison,
  language: 'ru' | 'en',
  now = new Date(),
): Promise<Buffer> {
  const words = redlineWords[language];
  const plain = (text: string) => new Paragraph({ children: docxRuns(text) });
  const named = ({ title, version, added }: NamedVersion) => `${title} (${words.version(version, added)})`;
  const lines = Object.entries(words.counts).flatMap(([change, label]) => {
    const count = counts[change as keyof typeof words.counts];
    return count === 0 ? [] : [`${label}: ${count}`];
  });
  const figures = [`${words.wordsInserted}: ${counts.wordsInserted}`, `${words.wordsRemoved}: ${counts.wordsRemoved}`];
  const head = [
    new Paragraph({ heading: HeadingLevel.TITLE, children: docxRuns(words.title) }),
    plain(`${words.before}: ${named(before)}`),
    plain(`${words.after}: ${named(after)}`),
    ...(lines.length === 0 ? [plain(words.nothing)] : [...lines, ...figures, words.howToRead].map(plain)),
  ];
  const write = createTracked(now.toISOString());
  const body = clauses.flatMap((clause) => {
    const note =
      clause.change === 'moved' ? [new Paragraph({ children: docxRuns(words.moved, { italics: true }) })] : [];
    return [...note, ...paragraphsOf(piecesOf(clause, before.text, after.text)).map(write)];
  });
  return writeDocx({ title: `${words.title}: ${after.title}`, sections: [{ children: [...head, ...body] }] });
}

/** A clause as what is kept, inserted and removed, in the order of reading. */
export function piecesOf(clause: ComparedClause, before: string, after: string): Piece[] {
  const { before: old, after: now, edits } = clause;
  if (!now) return [{ kind: 'removed', text: before.slice(old?.start, old?.end) }];
  if (!old) return [{ kind: 'inserted', text: after.slice(now.start, now.end) }];
  const pieces: Piece[] = [];
  let at = now.start;
  for (const [oldStart, oldEnd, nowStart, nowEnd] of edits) {
    pieces.push({ kind: 'kept', text: after.slice(at, nowStart) });
    pieces.push({ kind: 'removed', text: before.slice(oldStart, oldEnd) });
    pieces.push({ kind: 'inserted', text: after.slice(nowStart, nowEnd) });
    at = nowEnd;
  }
  pieces.push({ kind: 'kept', text: after.slice(at, now.end) });
  return pieces.filter(({ text }) => text !== '');
}

/** Lines become paragraphs; blank ones are left to the space between these. */
function paragraphsOf(pieces: readonly Piece[]): Piece[][] {
  const paragraphs: Piece[][] = [[]];
  for (const { kind, text } of pieces) {
    for (const [index, line] of printable(text).split('\n').entries()) {
      if (index > 0) paragraphs.push([]);
      if (line !== '') paragraphs.at(-1)?.push({ kind, text: line });
    }
  }
  return paragraphs.filter((paragraph) => paragraph.some(({ text }) => text.trim() !== ''));
}

function createTracked(date: string) {
  let id = 0;
  const runsOf = ({ kind, text }: Piece): ParagraphChild[] => {
    if (kind === 'kept') return docxRuns(text);
    return directedPieces(text).map(({ text: words, isRightToLeft }) => {
      id += 1;
      const run = { id, author: AUTHOR, date, text: words, rightToLeft: isRightToLeft };
      return kind === 'inserted' ? new InsertedTextRun(run) : new DeletedTextRun(run);
    });
  };
  return (pieces: readonly Piece[]) => new Paragraph({ children: pieces.flatMap(runsOf) });
}
