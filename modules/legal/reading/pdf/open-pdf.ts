import { getDocumentProxy, getResolvedPDFJS } from 'unpdf';
import { ParseFailure } from '../contract.ts';

export type PdfDocument = Awaited<ReturnType<typeof getDocumentProxy>>;
export type PdfPage = Awaited<ReturnType<PdfDocument['getPage']>>;

/** @throws ParseFailure `encrypted`, `rights-managed`, `damaged` */
export async function openPdf(bytes: Buffer<ArrayBuffer>): Promise<PdfDocument> {
  const { VerbosityLevel } = await getResolvedPDFJS();
  try {
    // The library wants a Uint8Array of its own, which it takes over.
    return await getDocumentProxy(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length), {
      verbosity: VerbosityLevel.ERRORS,
      enableXfa: false,
      useWasm: false,
    });
  } catch (error) {
    const { name, message } = error as Error;
    if (name === 'PasswordException') throw new ParseFailure('encrypted', 'Read PDF: a password is needed');
    if (/unknown encryption method/i.test(message)) {
      throw new ParseFailure('rights-managed', 'Read PDF: a rights management service has its key');
    }
    throw new ParseFailure('damaged', 'Read PDF: its structure is broken', { cause: error });
  }
}

/** What a PDF says of itself; what is broken in it is left out. */
export interface PdfInfo {
  /** The title property, which is no part of the text. */
  title: string | undefined;
  /** It has a form in Adobe's XML, which few programs show. */
  hasXfa: boolean;
}

export async function readInfo(document: PdfDocument): Promise<PdfInfo> {
  try {
    const { info } = await document.getMetadata();
    const { Title, IsXFAPresent } = info as { Title?: unknown; IsXFAPresent?: unknown };
    const title = typeof Title === 'string' ? Title.replace(/^Microsoft Word - /, '') : undefined;
    return { title, hasXfa: IsXFAPresent === true };
  } catch {
    return { title: undefined, hasXfa: false };
  }
}
