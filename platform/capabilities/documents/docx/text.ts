import type { TextFlow } from '../text-flow.ts';
import { readXml, type XmlElement } from '../xml-events.ts';
import { type createNumbering, isOn, type NumberedParagraph } from './numbering.ts';
import { wordNamespaces } from './parts.ts';

/** Elements whose text does not show: deleted and moved-away text, field instructions, the copy for old programs. */
const hidden = new Set(['w:del', 'w:moveFrom', 'w:instrText', 'w:delText', 'mc:Fallback', 'w:rt']);
const breaks: Record<string, string> = {
  'w:tab': '\t',
  'w:br': '\n',
  'w:cr': '\n',
  'w:noBreakHyphen': '-',
  'w:softHyphen': '\u00ad',
  'w:ptab': '\t',
};

interface Paragraph extends NumberedParagraph {
  /** Its end was deleted: it goes on in the next one. */
  endDeleted: boolean;
}

interface Run {
  shown: boolean;
}

export interface DocxTextOptions {
  numbering: ReturnType<typeof createNumbering>;
  /** Where the text refers to a note. */
  onReference?: (kind: 'footnote' | 'endnote', id: string) => void;
  /** Each note of a part of notes. */
  onNote?: (id: string, text: string) => void;
}

/**
 * Writes the text of a part (the body, the notes, a header) into a flow as Word shows it with all changes accepted:
 * inserted text in, deleted text, rows and paragraph ends out, numbers of paragraphs before them.
 */
export function readDocxText(bytes: Uint8Array, flow: TextFlow, options: DocxTextOptions): void {
  const paragraphs: Paragraph[] = [];
  const runs: Run[] = [];
  const rows: { kept: boolean }[] = [];
  /** How deep inside something that does not show. */
  let skipped = 0;
  const inProperties: string[] = [];
  let inText = false;
  let noteId: string | undefined;

  const open = (element: XmlElement) => {
    const { name } = element;
    if (skipped > 0 || (hidden.has(name) && inProperties.length === 0)) {
      skipped += 1;
      return;
    }
    if (inProperties.length > 0 || name === 'w:pPr' || name === 'w:rPr' || name === 'w:trPr') {
      inProperties.push(name);
      property(element);
      return;
    }
    switch (name) {
      case 'w:p':
        paragraphs.push({ style: undefined, instance: undefined, level: undefined, endDeleted: false });
        break;
      case 'w:r':
        runs.push({ shown: true });
        break;
      case 'w:t':
      case 'm:t':
        inText = true;
        break;
      case 'w:tr':
        rows.push({ kept: true });
        flow.openRow();
        break;
      case 'w:tc':
        flow.openCell();
        break;
      case 'w:txbxContent':
        flow.openAside();
        break;
      case 'w:footnoteReference':
      case 'w:endnoteReference':
        if (runs.at(-1)?.shown === false) break;
        options.onReference?.(name === 'w:footnoteReference' ? 'footnote' : 'endnote', element.attribute('w:id') ?? '');
        break;
      case 'w:footnote':
      case 'w:endnote':
        // Those with a type are the lines that part notes from the text.
        noteId = element.attribute('w:type') === undefined ? element.attribute('w:id') : undefined;
        flow.end();
        break;
      default:
        if (runs.length > 0 && runs.at(-1)?.shown && breaks[name] !== undefined) flow.add(breaks[name]);
    }
  };

  const property = (element: XmlElement) => {
    const paragraph = paragraphs.at(-1);
    const row = rows.at(-1);
    const run = runs.at(-1);
    const outermost = inProperties[0];
    switch (element.name) {
      case 'w:pStyle':
        if (paragraph) paragraph.style = element.attribute('w:val');
        break;
      case 'w:numId':
        // A change of properties holds the former ones.
        if (paragraph && !inProperties.includes('w:pPrChange')) paragraph.instance = element.attribute('w:val');
        break;
      case 'w:ilvl':
        if (paragraph && !inProperties.includes('w:pPrChange'))
          paragraph.level = Number(element.attribute('w:val')) || 0;
        break;
      case 'w:del':
      case 'w:moveFrom':
        if (outermost === 'w:pPr' && paragraph && inProperties.includes('w:rPr')) paragraph.endDeleted = true;
        if (outermost === 'w:trPr' && row) row.kept = false;
        break;
      case 'w:vanish':
        if (outermost === 'w:rPr' && run && !inProperties.includes('w:rPrChange')) run.shown = !isOn(element);
        break;
    }
  };

  const close = (name: string) => {
    if (skipped > 0) {
      skipped -= 1;
      return;
    }
    if (inProperties.length > 0) {
      inProperties.pop();
      return;
    }
    switch (name) {
      case 'w:p': {
        const paragraph = paragraphs.pop();
        if (!paragraph || paragraph.endDeleted) break;
        const label = options.numbering(paragraph);
        flow.endParagraph(label ? { prefix: `${label.text} `, tight: label.isBullet } : {});
        break;
      }
      case 'w:r':
        runs.pop();
        break;
      case 'w:t':
      case 'm:t':
        inText = false;
        break;
      case 'w:tc':
        flow.closeCell();
        break;
      case 'w:tr':
        flow.closeRow(rows.pop()?.kept);
        break;
      case 'w:txbxContent':
        flow.closeAside();
        break;
      case 'w:footnote':
      case 'w:endnote':
        if (noteId !== undefined) options.onNote?.(noteId, flow.end());
    }
  };

  readXml(bytes, wordNamespaces, {
    open,
    close,
    text(text) {
      if (inText && skipped === 0 && runs.at(-1)?.shown !== false) flow.add(text);
    },
  });
}
