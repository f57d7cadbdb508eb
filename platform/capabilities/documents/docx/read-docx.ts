import { ParseFailure } from '../contract.ts';
import { isEncryptedOffice, isOle } from '../ole-file.ts';
import type { Reader, ReadingLimits } from '../reading.ts';
import { createTextFlow, type TextFlow } from '../text-flow.ts';
import { openZip } from '../zip-archive.ts';
import { createNumbering } from './numbering.ts';
import { type DocxParts, openDocxParts, wordNamespaces } from './parts.ts';
import { readDocxText } from './text.ts';

/**
 * Word documents as Word shows them with all changes accepted: paragraphs with the numbers that Word computes, table
 * rows, notes behind the paragraph that refers to them, and at the end what stands in headers and footers, once.
 * Parts are taken from an archive that counts what it unpacks; pictures and outside references are never opened.
 */
export const readDocx: Reader = async (order, output) => {
  const { bytes, limits } = order;
  if (isOle(bytes)) {
    if (isEncryptedOffice(bytes)) throw new ParseFailure('encrypted', 'Read DOCX: a password is needed');
    // Word opens an older document under the new name, and so do we.
    return (await import('../read-doc.ts')).readDoc(order, output);
  }
  const parts = openDocxParts(openZip(bytes, limits));
  const numbering = createNumbering(parts, wordNamespaces);
  const flow = createTextFlow(limits);
  readDocxText(parts.document, flow, { numbering, onReference: createNotes(parts, limits, flow) });
  for (const line of marginLines(parts, limits)) {
    flow.add(line);
    flow.endParagraph();
  }
  await output.page(flow.end());
  return { hasPages: false, title: parts.title };
};

/** Numbers notes in the order in which the text refers to them, footnotes and endnotes alike. */
function createNotes({ footnotes, endnotes }: DocxParts, limits: ReadingLimits, flow: TextFlow) {
  const texts = { footnote: readNotes(footnotes, limits), endnote: readNotes(endnotes, limits) };
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

/** Text of each note by its id. */
function readNotes(bytes: Uint8Array | undefined, limits: ReadingLimits): Map<string, string> {
  const notes = new Map<string, string>();
  const onNote = (id: string, text: string) => {
    if (text !== '') notes.set(id, text.replaceAll(/\n+/g, '\n'));
  };
  if (bytes) readDocxText(bytes, createTextFlow(limits), { numbering: () => undefined, onNote });
  return notes;
}

/** Lines of headers and footers, each once; page numbers alone say nothing. */
function marginLines({ margins }: DocxParts, limits: ReadingLimits): Set<string> {
  const lines = new Set<string>();
  for (const bytes of margins) {
    const flow = createTextFlow(limits);
    readDocxText(bytes, flow, { numbering: () => undefined });
    for (const line of flow.end().split('\n')) {
      if (/\p{L}{3}/u.test(line)) lines.add(line.trim());
    }
  }
  return lines;
}
