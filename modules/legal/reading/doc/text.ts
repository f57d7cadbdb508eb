import type { NotePlaces } from './doc-file.ts';
import { DocWriter, type Reading } from './writer.ts';

/** Writes a document's body into a flow, its notes behind what refers to them and its text boxes at the end. */
export function writeText(reading: Reading): void {
  const { file, flow } = reading;
  const { body, footnotes, headers, comments, endnotes } = file.lengths;
  const endnoteStart = body + footnotes + headers + comments;
  const notes = new Map([
    ...noteRanges(file.footnotes, body, footnotes),
    ...noteRanges(file.endnotes, endnoteStart, endnotes),
  ]);
  let count = 0;
  writeRange(reading, 0, body, (cp) => {
    const range = notes.get(cp);
    if (!range) return;
    notes.delete(cp);
    count += 1;
    flow.add(`[${count}]`);
    flow.openAside();
    writeRange(reading, range.start, range.end, () => {});
    flow.closeAside(`[${count}] `);
  });
  if (file.boxes === 0) return;
  flow.leaveTable();
  flow.endParagraph();
  const start = endnoteStart + endnotes;
  writeRange(reading, start, start + file.boxes, () => {});
}

/** Where the text of each note stands, by the place that refers to it. */
function noteRanges({ references, texts }: NotePlaces, start: number, length: number) {
  return references.map((reference, index) => {
    const [from = 0, to = 0] = [texts[index], texts[index + 1]];
    const end = Math.min(to, length);
    return [reference, { start: start + Math.min(from, end), end: start + end }] as const;
  });
}

function writeRange(reading: Reading, from: number, to: number, onNote: (cp: number) => void): void {
  const { file } = reading;
  const writer = new DocWriter(reading);
  for (const piece of file.pieces) {
    const end = Math.min(piece.text.length, to - piece.cp);
    for (let index = Math.max(0, from - piece.cp); index < end; index += 1) {
      const fc = piece.fc + index * piece.width;
      const isNote = writer.take(piece.text.charCodeAt(index), file.lookAt(fc), () => file.paragraphAt(fc));
      if (isNote) onNote(piece.cp + index);
    }
  }
  writer.flush();
}
