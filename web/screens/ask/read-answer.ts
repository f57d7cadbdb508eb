/**
 * Reads the few marks that answers are written with: paragraphs, lists, headings, bold words and markers `[k]` of citations. All else
 * is text as it stands; nothing is lost, so that an answer that is still coming can be read as well.
 */

export type AnswerPiece = { kind: 'text'; text: string; isBold: boolean } | { kind: 'note'; number: number };

export interface AnswerBlock {
  kind: 'paragraph' | 'heading' | 'item';
  /** What stands before an item: `•`, or its number as it was written. */
  label: string;
  pieces: AnswerPiece[];
}

const BULLET = /^\s*[-*•–]\s+/;
const NUMBER = /^\s*(\d{1,3}[.)])\s+/;
const HEADING = /^\s*#{1,6}\s+/;
const MARK = /\*\*(?=\S)([^*]+?)(?<=\S)\*\*|\[(\d{1,4})\]/g;

/** @param notes how many citations there are; other numbers in brackets are text */
export function readAnswer(answer: string, notes: number): AnswerBlock[] {
  const blocks: { block: Omit<AnswerBlock, 'pieces'>; text: string }[] = [];
  let isOpen = false;
  for (const line of answer.replaceAll(/\r\n?/g, '\n').split('\n')) {
    const begun = beginBlock(line);
    if (line.trim() === '') isOpen = false;
    else if (begun) blocks.push(begun);
    else if (isOpen) (blocks.at(-1) as { text: string }).text += `\n${line.trim()}`;
    else blocks.push({ block: { kind: 'paragraph', label: '' }, text: line.trim() });
    // Lines after an item continue it.
    if (line.trim() !== '') isOpen = begun?.block.kind !== 'heading';
  }
  return blocks.map(({ block, text }) => ({ ...block, pieces: readPieces(text, notes) }));
}

/** An answer as it is read out: its words without their marks. */
export const spokenAnswer = (answer: string): string =>
  readAnswer(answer, Number.POSITIVE_INFINITY)
    .map(({ label, pieces }) => [label, ...pieces.map((piece) => (piece.kind === 'text' ? piece.text : ''))].join(' '))
    .map((text) =>
      text
        .replaceAll(/\s+/g, ' ')
        .replaceAll(/ ([.,;:])/g, '$1')
        .trim(),
    )
    .join('\n');

function beginBlock(line: string): { block: Omit<AnswerBlock, 'pieces'>; text: string } | undefined {
  const [bullet] = BULLET.exec(line) ?? [];
  if (bullet !== undefined) return { block: { kind: 'item', label: '•' }, text: line.slice(bullet.length).trim() };
  const [number, label = ''] = NUMBER.exec(line) ?? [];
  if (number !== undefined) return { block: { kind: 'item', label }, text: line.slice(number.length).trim() };
  const [heading] = HEADING.exec(line) ?? [];
  if (heading !== undefined) return { block: { kind: 'heading', label: '' }, text: line.slice(heading.length).trim() };
  return undefined;
}

function readPieces(text: string, notes: number, isBold = false): AnswerPiece[] {
  const pieces: AnswerPiece[] = [];
  const add = (words: string) => {
    if (words !== '') pieces.push({ kind: 'text', text: words, isBold });
  };
  let from = 0;
  for (const { 0: mark, 1: bold, 2: number, index } of text.matchAll(MARK)) {
    const isNote = number !== undefined && Number(number) >= 1 && Number(number) <= notes;
    if (bold === undefined && !isNote) continue;
    add(text.slice(from, index));
    if (bold === undefined) pieces.push({ kind: 'note', number: Number(number) });
    else pieces.push(...readPieces(bold, notes, true));
    from = index + mark.length;
  }
  add(text.slice(from));
  return pieces;
}
