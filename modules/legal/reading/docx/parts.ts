import { ParseFailure } from '../contract.ts';
import type { ZipArchive } from '../files/zip-archive.ts';
import { type Namespaces, readXml } from '../markup/xml-events.ts';

const transitional = 'http://schemas.openxmlformats.org';
const strict = 'http://purl.oclc.org/ooxml';

/** Both forms of the standard, ECMA-376 (transitional) and ISO 29500 (strict), and what Word 2003 wrote as one XML file. */
export const wordNamespaces: Namespaces = {
  [`${transitional}/wordprocessingml/2006/main`]: 'w',
  [`${strict}/wordprocessingml/main`]: 'w',
  [`${transitional}/officeDocument/2006/relationships`]: 'r',
  [`${strict}/officeDocument/relationships`]: 'r',
  [`${transitional}/officeDocument/2006/math`]: 'm',
  [`${strict}/officeDocument/math`]: 'm',
  [`${transitional}/markup-compatibility/2006`]: 'mc',
  [`${transitional}/drawingml/2006/wordprocessingDrawing`]: 'wp',
  [`${strict}/drawingml/wordprocessingDrawing`]: 'wp',
  [`${transitional}/drawingml/2006/main`]: 'a',
  [`${strict}/drawingml/main`]: 'a',
  [`${transitional}/drawingml/2006/diagram`]: 'dgm',
  [`${strict}/drawingml/diagram`]: 'dgm',
  [`${transitional}/drawingml/2006/chart`]: 'c',
  [`${strict}/drawingml/chart`]: 'c',
  'urn:schemas-microsoft-com:office:office': 'o',
  'urn:schemas-microsoft-com:vml': 'v',
  'http://schemas.microsoft.com/office/word/2010/wordml': 'w14',
  'http://schemas.microsoft.com/office/word/2003/wordml': 'w',
  'http://schemas.microsoft.com/office/word/2003/auxHint': 'wx',
  'http://schemas.microsoft.com/aml/2001/core': 'aml',
  [`${transitional}/package/2006/relationships`]: 'rel',
  'http://purl.org/dc/elements/1.1/': 'dc',
};

export interface DocxParts {
  document: Uint8Array;
  numbering: Uint8Array | undefined;
  styles: Uint8Array | undefined;
  footnotes: Uint8Array | undefined;
  endnotes: Uint8Array | undefined;
  /** Headers and footers. */
  margins: Uint8Array[];
  title: string | undefined;
  /** What the body refers to, by the id of the relationship; parts of the archive only. */
  related: ReadonlyMap<string, DocxPart>;
}

export interface DocxPart {
  /** The last word of the relationship's type: `image`, `aFChunk`. */
  type: string;
  name: string;
  read(): Uint8Array;
}

/** So many headers and footers are read; files of thousands of sections repeat them. */
const mostMargins = 200;

/** Finds the parts of a Word document by their relationships, whatever they are called. */
export function openDocxParts(archive: ZipArchive): DocxParts {
  const main =
    relationships(archive, '_rels/.rels').find(({ type }) => type === 'officeDocument')?.target ?? 'word/document.xml';
  if (!archive.has(main)) {
    throw archive.has('[Content_Types].xml') && !archive.has('xl/workbook.xml') && !archive.has('ppt/presentation.xml')
      ? new ParseFailure('damaged', 'Read DOCX: the part with the text is missing')
      : new ParseFailure('wrong-content', 'Read DOCX: the archive is no Word document');
  }
  if (hasMacros(archive, main)) throw new ParseFailure('macros', 'Read DOCX: the document has macros');
  const folder = main.slice(0, main.lastIndexOf('/') + 1);
  const related = relationships(archive, `${folder}_rels/${main.slice(folder.length)}.rels`).filter(({ target }) =>
    archive.has(target),
  );
  const part = (type: string) => {
    const found = related.find((each) => each.type === type);
    return found && archive.read(found.target);
  };
  const margins = related.filter(({ type }) => type === 'header' || type === 'footer').slice(0, mostMargins);
  return {
    document: archive.read(main),
    numbering: part('numbering'),
    styles: part('styles'),
    footnotes: part('footnotes'),
    endnotes: part('endnotes'),
    margins: margins.map(({ target }) => archive.read(target)),
    title: dublinCoreTitle(archive, 'docProps/core.xml'),
    related: new Map(
      related.map(({ id, type, target }) => [id, { type, name: target, read: () => archive.read(target) }]),
    ),
  };
}

/** Whether Word would keep macros in a file of this content. */
function hasMacros(archive: ZipArchive, main: string): boolean {
  const types = '[Content_Types].xml';
  let found = false;
  if (archive.has(types)) {
    readXml(archive.read(types), wordNamespaces, {
      open({ attribute }) {
        if (attribute('PartName') === `/${main}`) found ||= /macroEnabled/i.test(attribute('ContentType') ?? '');
      },
      close: () => {},
      text: () => {},
    });
  }
  return found;
}

/** Relationships to parts of the archive; those to the outside are left out. Types by their last word. */
function relationships(archive: ZipArchive, path: string): { id: string; type: string; target: string }[] {
  if (!archive.has(path)) return [];
  const base = path.slice(0, path.indexOf('_rels/'));
  const found: { id: string; type: string; target: string }[] = [];
  readXml(archive.read(path), wordNamespaces, {
    open({ name, attribute }) {
      const target = attribute('Target');
      if (name !== 'rel:Relationship' || target === undefined || attribute('TargetMode') === 'External') return;
      const type = (attribute('Type') ?? '').replace(/^.*\//, '');
      found.push({ id: attribute('Id') ?? '', type, target: within(base, target) });
    },
    close: () => {},
    text: () => {},
  });
  return found;
}

function within(base: string, target: string): string {
  const path = target.startsWith('/') ? target.slice(1) : base + target;
  const steps: string[] = [];
  for (const step of path.split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '.' && step !== '') steps.push(step);
  }
  return steps.join('/');
}

/** `<dc:title>` of the properties of an office file, which are no part of its text: broken ones have none. */
export function dublinCoreTitle(archive: ZipArchive, path: string): string | undefined {
  if (!archive.has(path)) return undefined;
  try {
    return readTitle(archive.read(path));
  } catch (error) {
    if (error instanceof ParseFailure && error.code === 'damaged') return undefined;
    throw error;
  }
}

function readTitle(properties: Uint8Array): string | undefined {
  let inside = false;
  let title = '';
  readXml(properties, wordNamespaces, {
    open: ({ name }) => {
      inside = name === 'dc:title';
    },
    close: () => {
      inside = false;
    },
    text: (text) => {
      if (inside && title.length < 2000) title += text;
    },
  });
  return title.trim() || undefined;
}
