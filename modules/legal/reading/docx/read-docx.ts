import { ParseFailure } from '../contract.ts';
import { isEncryptedOffice, isOle } from '../doc/ole-file.ts';
import { openZip } from '../files/zip-archive.ts';
import { createTextFlow, type TextFlow } from '../markup/text-flow.ts';
import type { Reader, ReadingLimits } from '../reading.ts';
import { readChunks } from './chunks.ts';
import { createNumbering } from './numbering.ts';
import type { DocxTextOptions } from './open-elements.ts';
import { type DocxParts, openDocxParts, wordNamespaces } from './parts.ts';
import { readRunStyles } from './run-look.ts';
import { readDocxText } from './text.ts';
import { openWordXml } from './word-xml.ts';

/**
 * Word documents as Word shows them with all changes accepted: paragraphs with the numbers that Word computes, table
 * rows, notes behind the paragraph that refers to them, and at the end what stands in headers and footers, once.
 * Parts are taken from an archive that counts what it unpacks; outside references are never opened.
 */
export const readDocx: Reader = async (order, output) => {
  const { bytes, limits } = order;
  if (isOle(bytes)) {
    if (isEncryptedOffice(bytes)) throw new ParseFailure('encrypted', 'Read DOCX: a password is needed');
    // Word opens an older document under the new name, and so do we.
    return (await import('../doc/read-doc.ts')).readDoc(order, output);
  }
  const parts = openWordXml(order) ?? openDocxParts(await openZip(bytes, limits));
  const flow = createTextFlow(limits);
  const options: DocxTextOptions = {
    numbering: createNumbering(parts, wordNamespaces),
    styles: readRunStyles(parts.styles, wordNamespaces),
    related: parts.related,
    notice: (kind, detail) => output.notice({ kind, page: null, detail }),
    chunks: await readChunks(parts, order, output),
  };
  const onReference = createNotes(parts, options, limits, flow);
  readDocxText(parts.document, flow, { ...options, onReference });
  for (const line of marginLines(parts, options, limits)) {
    flow.add(line);
    flow.endParagraph();
  }
  await output.page(flow.end());
  return { hasPages: false, title: parts.title };
};

/** Numbers notes in the order in which the text refers to them, footnotes and endnotes alike. */
function createNotes(parts: DocxParts, options: DocxTextOptions, limits: ReadingLimits, flow: TextFlow) {
  const texts = {
    footnote: readNotes(parts.footnotes, options, limits),
    endnote: readNotes(parts.endnotes, options, limits),
  };
  let count = 0;
  return (kind: 'footnote' | 'endnote', id: string) => {
    const text = texts[kind].get(id);
    if (text === undefined) return;
    // Each once: a note that a text refers to a million times would make a large text of a small file.
    texts[kind].delete(id);
    count += 1;
    flow.add(`[${count}]`);
    flow.openAside();
    flow.add(text);
    flow.closeAside(`[${count}] `);
  };
}

/** What headers and notes are read with: they have relationships and numbers of their own, which are not looked at. */
const ofItsOwn = ({ styles, notice }: DocxTextOptions): DocxTextOptions => ({
  styles,
  numbering: () => undefined,
  ...(notice && { notice }),
});

/** Text of each note by its id. */
function readNotes(bytes: Uint8Array | undefined, options: DocxTextOptions, limits: ReadingLimits) {
  const notes = new Map<string, string>();
  const onNote = (id: string, text: string) => {
    if (text !== '') notes.set(id, text.replaceAll(/\n+/g, '\n'));
  };
  if (bytes) readDocxText(bytes, createTextFlow(limits), { ...ofItsOwn(options), onNote });
  return notes;
}

/** Lines of headers and footers, each once; page numbers alone say nothing. */
function marginLines({ margins }: DocxParts, options: DocxTextOptions, limits: ReadingLimits): Set<string> {
  const lines = new Set<string>();
  for (const bytes of margins) {
    const flow = createTextFlow(limits);
    readDocxText(bytes, flow, ofItsOwn(options));
    for (const line of flow.end().split('\n')) {
      if (/\p{L}{3}/u.test(line)) lines.add(line.trim());
    }
  }
  return lines;
}
