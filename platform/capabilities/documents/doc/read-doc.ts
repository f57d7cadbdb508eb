import CFB from 'cfb';
import { ParseFailure } from '../contract.ts';
import { oldWordMarks } from '../detect-format.ts';
import type { Reader } from '../reading.ts';
import { createTextFlow, type TextFlow } from '../text-flow.ts';
import { type DocFile, type NotePlaces, readDocFile } from './doc-file.ts';
import { isEncryptedOffice, isOle } from './ole-file.ts';

const special = {
  cell: 0x07,
  line: 0x0b,
  page: 0x0c,
  paragraph: 0x0d,
  fieldBegin: 0x13,
  fieldText: 0x14,
  fieldEnd: 0x15,
};
const noteMark = 0x02;
const shown: Record<number, string> = { 9: '\t', [special.line]: '\n', 30: '-', 31: '\u00ad' };

/**
 * Documents of Word 97 to 2003: paragraphs, table rows, results of fields, notes behind the paragraph that refers to
 * them; deleted and hidden text left out. Numbers that Word computes for lists are not in such a file's text.
 */
export const readDoc: Reader = async ({ bytes, limits }, output) => {
  const beginning = bytes.subarray(0, 8).toString('latin1');
  if (oldWordMarks.some((mark) => beginning.startsWith(mark))) {
    throw new ParseFailure('old-word', 'Read DOC: the file is older than Word 6');
  }
  if (!isOle(bytes)) throw new ParseFailure('wrong-content', 'Read DOC: the file is no Word document');
  if (isEncryptedOffice(bytes)) throw new ParseFailure('encrypted', 'Read DOC: a password is needed');
  const container = CFB.read(bytes, { type: 'buffer' });
  const stream = (name: string): Buffer | undefined => {
    const content = CFB.find(container, name)?.content;
    return content && Buffer.from(content as Uint8Array);
  };
  const main = stream('WordDocument');
  if (!main) throw new ParseFailure('wrong-content', 'Read DOC: the container holds no Word document');
  const file = readDocFile(main, (name) => {
    const table = stream(name);
    if (!table) throw new ParseFailure('damaged', 'Read DOC: its tables are missing');
    return table;
  });
  const flow = createTextFlow(limits);
  writeText(file, flow);
  await output.page(flow.end());
  return { hasPages: false, title: undefined };
};

function writeText(file: DocFile, flow: TextFlow): void {
  const { body, footnotes, headers, comments, endnotes } = file.lengths;
  const endnoteStart = body + footnotes + headers + comments;
  const notes = new Map([
    ...noteRanges(file.footnotes, body, footnotes),
    ...noteRanges(file.endnotes, endnoteStart, endnotes),
  ]);
  let count = 0;
  writeRange(file, flow, 0, body, (cp) => {
    const range = notes.get(cp);
    if (!range) return;
    notes.delete(cp);
    count += 1;
    flow.add(`[${count}]`);
    flow.openAside();
    writeRange(file, flow, range.start, range.end, () => {});
    flow.closeAside(`[${count}] `);
  });
}

/** Where the text of each note stands, by the place that refers to it. */
function noteRanges({ references, texts }: NotePlaces, start: number, length: number) {
  return references.map((reference, index) => {
    const [from = 0, to = 0] = [texts[index], texts[index + 1]];
    const end = Math.min(to, length);
    return [reference, { start: start + Math.min(from, end), end: start + end }] as const;
  });
}

function writeRange(file: DocFile, flow: TextFlow, from: number, to: number, onNote: (cp: number) => void): void {
  /** Of the fields that are open, whether their result has begun: what is before it are instructions. */
  const fields: boolean[] = [];
  let pending = '';
  let inTable = false;
  let begins = true;
  const flush = () => {
    if (pending === '') return;
    if (inTable) flow.continueCell();
    else flow.leaveTable();
    flow.add(pending);
    pending = '';
  };
  for (const piece of file.pieces) {
    const end = Math.min(piece.text.length, to - piece.cp);
    for (let index = Math.max(0, from - piece.cp); index < end; index += 1) {
      const code = piece.text.charCodeAt(index);
      const fc = piece.fc + index * piece.width;
      if (begins) {
        inTable = file.paragraphAt(fc).inTable;
        begins = false;
      }
      if (code === special.fieldBegin) fields.push(false);
      else if (code === special.fieldText) fields[fields.length - 1] = true;
      else if (code === special.fieldEnd) fields.pop();
      else if (fields.includes(false) || file.isHidden(fc)) continue;
      else if (code === noteMark) {
        flush();
        onNote(piece.cp + index);
      } else if (code === special.cell) {
        flush();
        if (file.paragraphAt(fc).endsRow) flow.closeRow();
        else {
          flow.continueCell();
          flow.closeCell();
        }
        begins = true;
      } else if (code === special.paragraph || code === special.page) {
        flush();
        flow.endParagraph();
        begins = true;
      } else if (shown[code] !== undefined) pending += shown[code];
      else if (code >= 0x20) pending += piece.text[index];
    }
  }
  flush();
}
