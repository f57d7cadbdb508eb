import { documentLanguage } from '../../describe/document-language.ts';
import type { ReadingOrder, ReadingOutput } from '../reading.ts';
import type { PdfDocument } from './open-pdf.ts';

const mostFiles = 200;
const labels = { ru: 'Вложение', en: 'Attachment' };

/** The texts of the files in a PDF, each under a line with its name; what cannot be read is noticed. '' without any. */
export async function readAttachedFiles(
  document: PdfDocument,
  { embedded }: Pick<ReadingOrder, 'embedded'>,
  output: Pick<ReadingOutput, 'notice'>,
  textBefore: string,
): Promise<string> {
  const files = await document.getAttachments().catch(() => null);
  if (!(files instanceof Map)) return '';
  const label = labels[documentLanguage(textBefore)];
  const texts: string[] = [];
  for (const [id, file] of [...files].slice(0, mostFiles)) {
    const name = nameOf(file);
    const bytes = await contentOf(document, id, file);
    const text = await embedded({ name, bytes: bytes ?? new Uint8Array() }, output);
    if (text !== undefined) texts.push(`${label}: ${name}\n\n${text}`);
  }
  return texts.join('\n\n');
}

const nameOf = (file: { filename?: unknown }): string =>
  typeof file.filename === 'string' ? file.filename.replaceAll(/\s+/g, ' ').trim() : '';

async function contentOf(
  document: PdfDocument,
  id: string,
  { content }: { content?: unknown },
): Promise<Uint8Array | undefined> {
  const found = content ?? (await document.getAttachmentContent(id).catch(() => undefined));
  return found instanceof Uint8Array ? found : undefined;
}
