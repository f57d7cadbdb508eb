import type { DocumentFormat } from './contract.ts';
import { looksLikeText } from './looks-like-text.ts';

const byExtension: Record<string, DocumentFormat> = {
  pdf: 'pdf',
  docx: 'docx',
  html: 'html',
  htm: 'html',
  xhtml: 'html',
  txt: 'txt',
  text: 'txt',
  md: 'md',
  markdown: 'md',
};

const byMediaType: Record<string, DocumentFormat> = {
  'application/pdf': 'pdf',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'text/html': 'html',
  'application/xhtml+xml': 'html',
  'text/plain': 'txt',
  'text/markdown': 'md',
};

/** So many first bytes are enough to tell. */
export const detectionBytes = 8192;

/** A PDF's mark may stand behind up to this many foreign bytes (ISO 32000-1, annex H, note 13). */
const pdfMarkWithin = 1024;

/**
 * The format of an upload, named by the extension, or by the declared media type where the name has none, and
 * confirmed by the content; undefined when the kind is not supported or the content is something else.
 * An OLE container passes as DOCX: that is how Word stores an encrypted one, and the parser says so.
 */
export function detectFormat(head: Uint8Array, fileName: string, mediaType?: string): DocumentFormat | undefined {
  const format = namedFormat(fileName, mediaType);
  if (format === undefined || head.length === 0) return undefined;
  return confirms(head, format) ? format : undefined;
}

function namedFormat(fileName: string, mediaType: string | undefined): DocumentFormat | undefined {
  const extension = /[^./\\]\.([a-z0-9]{1,10})$/i.exec(fileName.trim())?.[1];
  if (extension !== undefined) return byExtension[extension.toLowerCase()];
  return byMediaType[mediaType?.split(';')[0]?.trim().toLowerCase() ?? ''];
}

function confirms(head: Uint8Array, format: DocumentFormat): boolean {
  const beginning = Buffer.from(head.subarray(0, pdfMarkWithin)).toString('latin1');
  switch (format) {
    case 'pdf':
      return beginning.includes('%PDF-');
    case 'docx':
      return beginning.startsWith('PK\u0003\u0004') || beginning.startsWith('\u00d0\u00cf\u0011\u00e0');
    default:
      return looksLikeText(head.subarray(0, detectionBytes));
  }
}
