import { decodeText } from '../encoding/decode-text.ts';
import type { ZipArchive } from '../files/zip-archive.ts';
import { readXml } from '../markup/xml-events.ts';
import type { ReadingOrder } from '../reading.ts';
import { requireAtMost } from '../reading.ts';
import { type DocxParts, openDocxParts, wordNamespaces } from './parts.ts';

/*
 * Word documents that are one XML file: those of Word 2003, which hold styles and text in one part, and packages that
 * were written flat, part by part.
 */

/** The parts of such a file; undefined when it is an archive. @throws ParseFailure `damaged`, `wrong-content` */
export function openWordXml({ bytes, limits }: ReadingOrder): DocxParts | undefined {
  const beginning = bytes.subarray(0, 64).toString('latin1');
  if (!/^(?:\u00ef\u00bb\u00bf|\u00ff\u00fe|\u00fe\u00ff)?[\s\0]*</.test(beginning)) return undefined;
  requireAtMost(limits.unpackedBytes, bytes.length, 'bytes');
  const declared = /^[^<]{0,9}<\?xml[^>]{0,100}encoding=["']([\w-]{1,40})/.exec(
    bytes.subarray(0, 256).toString('latin1'),
  );
  const xml = decodeText(bytes, declared?.[1]).replace(/^\s+/, '');
  if (/<pkg:package\b/.test(xml.slice(0, 4096))) return openDocxParts(flatArchive(xml));
  const document = Buffer.from(xml);
  return {
    document,
    numbering: undefined,
    styles: document,
    footnotes: undefined,
    endnotes: undefined,
    margins: [],
    title: titleOf(document),
    related: new Map(),
  };
}

/** The parts of a flat package by their names. */
function flatArchive(xml: string): ZipArchive {
  const parts = new Map<string, Buffer>();
  const types: string[] = [];
  const attribute = (tag: string, name: string) => new RegExp(`pkg:${name}="([^"]{1,500})"`).exec(tag)?.[1];
  for (let at = xml.indexOf('<pkg:part '); at !== -1; ) {
    const next = xml.indexOf('<pkg:part ', at + 1);
    const part = xml.slice(at, next === -1 ? xml.length : next);
    const tag = part.slice(0, part.indexOf('>'));
    const name = attribute(tag, 'name') ?? '';
    const content = between(part, '<pkg:xmlData', '</pkg:xmlData>');
    const binary = between(part, '<pkg:binaryData', '</pkg:binaryData>');
    if (content !== undefined) parts.set(name.replace(/^\//, ''), Buffer.from(content));
    else if (binary !== undefined) parts.set(name.replace(/^\//, ''), Buffer.from(binary, 'base64'));
    types.push(`<Override PartName="${name}" ContentType="${attribute(tag, 'contentType') ?? ''}"/>`);
    at = next;
  }
  parts.set('[Content_Types].xml', Buffer.from(`<Types>${types.join('')}</Types>`));
  return {
    has: (name) => parts.has(name),
    read: (name) => parts.get(name) ?? Buffer.alloc(0),
  };
}

function between(text: string, opening: string, closing: string): string | undefined {
  const start = text.indexOf('>', text.indexOf(opening));
  const end = text.lastIndexOf(closing);
  return text.includes(opening) && start !== -1 && end > start ? text.slice(start + 1, end) : undefined;
}

function titleOf(document: Buffer): string | undefined {
  let inside = false;
  let title = '';
  readXml(document, wordNamespaces, {
    open({ name }) {
      inside = name === 'o:Title';
    },
    close() {
      inside = false;
    },
    text(text) {
      if (inside && title.length < 2000) title += text;
    },
  });
  return title.trim() || undefined;
}
