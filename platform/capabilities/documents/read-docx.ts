import mammoth from 'mammoth';
import { ParseFailure } from './contract.ts';
import { createHtmlToLines } from './html-to-lines.ts';
import type { Reader } from './reading.ts';
import { openZip, type ZipArchive } from './zip-archive.ts';

const oleMark = Buffer.from([0xd0, 0xcf, 0x11, 0xe0]);
const encryptedStream = Buffer.from('EncryptedPackage', 'utf16le');

/**
 * Word documents as Word shows them with all changes accepted: headings, paragraphs, lists, table rows, then notes.
 * Parts are taken from an archive that counts what it unpacks; pictures and outside references are never opened.
 */
export const readDocx: Reader = async (bytes, limits) => {
  if (bytes.subarray(0, 4).equals(oleMark)) throw olderWordFile(bytes);
  const archive = openZip(bytes, limits);
  if (!archive.has('[Content_Types].xml') && !archive.has('word/document.xml')) {
    throw new ParseFailure('wrong-content', 'Read DOCX: the archive is no Word document');
  }
  const { value: html } = await mammoth.convertToHtml(asMammothInput(archive), {
    convertImage: mammoth.images.imgElement(async () => ({ src: '' })),
    externalFileAccess: false,
  });
  return { pages: [createHtmlToLines()(html)], hasPages: false, title: title(archive) };
};

function olderWordFile(bytes: Buffer): ParseFailure {
  return bytes.includes(encryptedStream)
    ? new ParseFailure('encrypted', 'Read DOCX: a password is needed')
    : new ParseFailure('wrong-content', 'Read DOCX: the file is of Word 97 to 2003');
}

/**
 * mammoth opens an archive itself, and unpacks without a limit, unless it is given one as `file`; its types leave
 * that out.
 */
function asMammothInput(archive: ZipArchive): { path: string } {
  const file = {
    exists: (name: string) => archive.has(name),
    read: async (name: string, encoding?: string) => {
      const content = archive.read(name);
      return encoding === undefined ? content : new TextDecoder(encoding).decode(content);
    },
  };
  return { file } as unknown as { path: string };
}

function title(archive: ZipArchive): string | undefined {
  const properties = 'docProps/core.xml';
  if (!archive.has(properties)) return undefined;
  const found = /<dc:title>([^<]{1,2000})<\/dc:title>/.exec(archive.read(properties).toString('utf8'))?.[1];
  return found === undefined ? undefined : createHtmlToLines()(found);
}
