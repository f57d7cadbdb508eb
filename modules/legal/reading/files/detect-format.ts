import type { DocumentFormat } from '../contract.ts';
import { looksLikeText } from '../encoding/looks-like-text.ts';

const byExtension: Record<string, DocumentFormat> = {
  pdf: 'pdf',
  docx: 'docx',
  docm: 'docx',
  dotx: 'docx',
  dotm: 'docx',
  xml: 'docx',
  doc: 'doc',
  odt: 'odt',
  rtf: 'rtf',
  html: 'html',
  htm: 'html',
  xhtml: 'html',
  txt: 'txt',
  text: 'txt',
  md: 'md',
  markdown: 'md',
  eml: 'eml',
  mht: 'eml',
  mhtml: 'eml',
};

/** Of each format; the first to send it with. */
const mediaTypes: Record<DocumentFormat, [string, ...string[]]> = {
  pdf: ['application/pdf'],
  docx: ['application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  doc: ['application/msword'],
  odt: ['application/vnd.oasis.opendocument.text'],
  rtf: ['application/rtf', 'text/rtf'],
  html: ['text/html', 'application/xhtml+xml'],
  txt: ['text/plain'],
  md: ['text/markdown'],
  eml: ['message/rfc822', 'multipart/related', 'application/x-mimearchive'],
};
const byMediaType = new Map(
  Object.entries(mediaTypes).flatMap(([format, types]) => types.map((type) => [type, format as DocumentFormat])),
);

/** So many first bytes are enough to tell. */
export const detectionBytes = 8192;

/** A PDF's mark may stand behind up to this many foreign bytes (ISO 32000-1, annex H, note 13). */
const pdfMarkWithin = 1024;

/** The media type of a format, for its files to be sent with. */
export const mediaTypeOf = (format: DocumentFormat): string => mediaTypes[format][0];

/**
 * The format of an upload, named by the extension, or by the declared media type where the name has none, and
 * confirmed by the content; undefined when the kind is not supported or the content is something else. Under the name
 * of an old Word document there may be RTF, HTML, a web page in one file or DOCX, as Word opens those too and many
 * programs write them so. An OLE container passes as DOCX: that is how Word stores an encrypted one, and the parser says
 * so. So does XML of Word's, and a document with macros, which the parser refuses by that reason.
 */
export function detectFormat(head: Uint8Array, fileName: string, mediaType?: string): DocumentFormat | undefined {
  const format = namedFormat(fileName, mediaType);
  if (format === undefined || head.length === 0) return undefined;
  if (/\.xml$/i.test(fileName.trim())) return isWordXml(head) ? 'docx' : undefined;
  if (format === 'doc') {
    return (['doc', 'rtf', 'docx'] as const).find((each) => confirms(head, each)) ?? asHtml(head) ?? asWebArchive(head);
  }
  return confirms(head, format) ? format : undefined;
}

/** A text is HTML when it begins like it. */
function asHtml(head: Uint8Array): 'html' | undefined {
  const begins = /^(?:\u00ef\u00bb\u00bf)?\s{0,99}<(?:!doctype|html|head|body|\?xml)/i;
  return begins.test(Buffer.from(head.subarray(0, 256)).toString('latin1')) && confirms(head, 'html')
    ? 'html'
    : undefined;
}

/** A web page with its pictures in one file is built like an e-mail (RFC 2557). */
function asWebArchive(head: Uint8Array): 'eml' | undefined {
  const begins = Buffer.from(head.subarray(0, 4096)).toString('latin1');
  return /^mime-version:/im.test(begins) && confirms(head, 'eml') ? 'eml' : undefined;
}

function namedFormat(fileName: string, mediaType: string | undefined): DocumentFormat | undefined {
  const extension = /[^./\\]\.([a-z0-9]{1,10})$/i.exec(fileName.trim())?.[1];
  if (extension !== undefined) return byExtension[extension.toLowerCase()];
  return byMediaType.get(mediaType?.split(';')[0]?.trim().toLowerCase() ?? '');
}

const zipMark = 'PK\u0003\u0004';
const oleMark = '\u00d0\u00cf\u0011\u00e0';
/** Word for Windows 1 and 2, for DOS and for the Macintosh: the parser says what they are. */
export const oldWordMarks = ['\u009b\u00a5', '\u00db\u00a5', '1\u00be\u0000\u0000', '\u00fe7\u0000'];
/** A header field, or the line that mailboxes put before a message. */
const emailBeginning = /^(?:From [^\r\n]{1,200}\r?\n|[\r\n]{0,4})[!-9;-~]{1,100}:/;

/** Word 2003's XML, or a package of a later Word as one XML file, in UTF-8 or UTF-16. */
function isWordXml(head: Uint8Array): boolean {
  const text = Buffer.from(head.subarray(0, detectionBytes)).toString('latin1').replaceAll('\0', '');
  const root =
    /<(?:w:wordDocument|pkg:package)\b|xmlns(?::\w+)?="http:\/\/schemas\.microsoft\.com\/office\/(?:word\/2003\/wordml|2006\/xmlPackage)"/;
  return /^(?:\u00ef\u00bb\u00bf|\u00ff\u00fe|\u00fe\u00ff)?\s{0,99}</.test(text) && root.test(text);
}

function confirms(head: Uint8Array, format: DocumentFormat): boolean {
  const beginning = Buffer.from(head.subarray(0, pdfMarkWithin)).toString('latin1');
  switch (format) {
    case 'pdf':
      return beginning.includes('%PDF-');
    case 'docx':
      return beginning.startsWith(zipMark) || beginning.startsWith(oleMark) || isWordXml(head);
    case 'doc':
      return beginning.startsWith(oleMark) || oldWordMarks.some((mark) => beginning.startsWith(mark));
    case 'odt':
      return beginning.startsWith(zipMark);
    case 'rtf':
      return beginning.startsWith('{\\rtf');
    case 'eml':
      return emailBeginning.test(beginning) && looksLikeText(head.subarray(0, detectionBytes));
    default:
      return looksLikeText(head.subarray(0, detectionBytes));
  }
}
