import PostalMime, { type Address, type Attachment, type Email } from 'postal-mime';
import { documentLanguage } from '../../describe/document-language.ts';
import { type Notice, ParseFailure } from '../contract.ts';
import { decodeText } from '../encoding/decode-text.ts';
import { writtenName } from '../files/written-name.ts';
import { type HtmlOptions, htmlToLines } from '../html/to-lines.ts';
import { type Reader, type ReadingOrder, type ReadingOutput, requireAtMost } from '../reading.ts';
import { signedContent, withoutPgp } from './protected-content.ts';

const labels = {
  en: {
    ...{ subject: 'Subject', from: 'From', to: 'To', cc: 'Cc', date: 'Date' },
    ...{ attachments: 'Attachments', attachment: 'Attachment', forwarded: 'Attached message' },
  },
  ru: {
    ...{ subject: 'Тема', from: 'От', to: 'Кому', cc: 'Копия', date: 'Дата' },
    ...{ attachments: 'Вложения', attachment: 'Вложение', forwarded: 'Вложенное письмо' },
  },
};
type Labels = (typeof labels)['en'];
const mostNames = 200;

/**
 * A message: subject, people and date, its text, the names of what is attached, and the texts of attached documents and
 * messages, each under a line with its name. What is attached and cannot be read is noticed.
 * @throws ParseFailure `encrypted-message` when nothing of it can be read without a key
 */
export const readEmail: Reader = async (order, output) => {
  requireAtMost(order.limits.unpackedBytes, order.bytes.length, 'bytes');
  const email = await openMessage(order.bytes);
  const { body, isProtected, notices } = textOf(email);
  for (const notice of notices) output.notice(notice);
  // Pictures of the text's own layout belong to no list; a signature is not content.
  const files = email.attachments
    .filter(({ related, mimeType }) => !related && !isSignature(mimeType))
    .map((file) => ({ ...file, filename: file.filename && writtenName(file.filename) }));
  if (isProtected && body === '' && files.every(isEncrypted)) {
    throw new ParseFailure('encrypted-message', 'Read e-mail: it is encrypted for its receiver');
  }
  if (isProtected) output.notice({ kind: 'part-not-read', page: null, detail: 'S/MIME, PGP' });
  const words = labels[documentLanguage(`${email.subject ?? ''} ${body}`)];
  const attached = await readAttachments(files, words, order, output);
  const names = files.map(({ filename }) => filename ?? '').filter((name) => name !== '');
  const list = line(words.attachments, names.slice(0, mostNames).join(', '));
  await output.page([head(email, words), body, list, ...attached].filter((part) => part.trim() !== '').join('\n\n'));
  return { hasPages: false, title: email.subject };
};

/** A message, or the one that lies in its signature. */
async function openMessage(bytes: Buffer, deep = 0): Promise<Email> {
  const options = { forceRfc822Attachments: true, maxNestingDepth: 100, attachmentEncoding: 'arraybuffer' } as const;
  const email = await PostalMime.parse(withKnownCharset(bytes), options);
  const [wrapped, ...others] = email.attachments;
  if (!wrapped || others.length > 0 || !isWrapped(wrapped) || deep > 3) return email;
  const content = signedContent(bytesOf(wrapped));
  if (content === undefined) return email;
  const { subject, from, to, cc, date } = email;
  // The message inside has a body and what is attached, and seldom more.
  return { ...(await openMessage(content, deep + 1)), ...defined({ subject, from, to, cc, date }) };
}

const defined = <T extends object>(fields: T): Partial<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;

const isWrapped = ({ mimeType }: Attachment) => /^application\/(?:x-)?pkcs7-mime$/i.test(mimeType);
const isSignature = (mimeType: string) => /^application\/(?:(?:x-)?pkcs7|pgp)-signature$/i.test(mimeType);
const isEncrypted = (file: Attachment) =>
  isWrapped(file) || /^application\/(?:pgp-encrypted|octet-stream)$/i.test(file.mimeType);

/** The plain form, which people wrote; the other where the plain one is only a word about it. */
function textOf({ text, html, attachments }: Email): { body: string; isProtected: boolean; notices: Notice[] } {
  const plain = withoutPgp(text?.trim() ?? '');
  const isProtected =
    plain.encrypted || attachments.some((each) => isWrapped(each) || /pgp-encrypted/i.test(each.mimeType));
  const notices: Notice[] = [];
  const notice: HtmlOptions['notice'] = (kind, detail) =>
    void notices.push({ kind, page: null, ...(detail === '' ? {} : { detail }) });
  const shown = html ? htmlToLines(html, { notice }).trim() : '';
  const isPlaceholder = letters(plain.text) * 3 < letters(shown);
  return isPlaceholder ? { body: shown, isProtected, notices } : { body: plain.text.trim(), isProtected, notices: [] };
}

const letters = (text: string) => text.match(/\p{L}/gu)?.length ?? 0;

/** The texts of attached files, each under its name. */
async function readAttachments(
  files: readonly Attachment[],
  words: Labels,
  order: ReadingOrder,
  output: ReadingOutput,
): Promise<string[]> {
  const texts: string[] = [];
  for (const file of files) {
    const { filename, mimeType } = file;
    const isMessage = mimeType === 'message/rfc822';
    const name = isMessage && !/\.eml$/i.test(filename ?? '') ? `${filename ?? 'message'}.eml` : (filename ?? '');
    const text = await order.embedded({ name, bytes: bytesOf(file), mediaType: mimeType }, output);
    if (text === undefined) continue;
    const label = isMessage ? words.forwarded : words.attachment;
    texts.push(`${filename ? line(label, filename) : label}\n\n${text}`);
  }
  return texts;
}

const bytesOf = ({ content }: Attachment): Uint8Array =>
  typeof content === 'string' ? Buffer.from(content) : new Uint8Array(content);

const head = ({ subject, from, to, cc, date }: Email, words: Labels): string =>
  [
    line(words.subject, subject),
    line(words.from, people(from && [from])),
    line(words.to, people(to)),
    line(words.cc, people(cc)),
    line(words.date, date && day(date)),
  ]
    .filter((each) => each !== '')
    .join('\n');

const line = (label: string, value: string | undefined) => (value?.trim() ? `${label}: ${oneLine(value)}` : '');
const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ').trim();

const people = (addresses: readonly Address[] | undefined): string =>
  (addresses ?? []).map(({ name, address }) => (name && address ? `${name} <${address}>` : name || address)).join(', ');

/** `2024-03-01 11:05 UTC`; what is no date stays as it is written. */
const day = (date: string) => date.replace(/^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}).*$/, '$1 $2 UTC');

/** Old Russian programs write a text in windows-1251 or KOI8-R and do not say so. */
function withKnownCharset(bytes: Buffer): Uint8Array {
  const isPlain = !bytes.subarray(0, 64 * 1024).some((byte) => byte > 0x7f);
  const head = bytes.subarray(0, 64 * 1024).toString('latin1');
  if (isPlain || /^content-(?:type:[^\n]{0,500}charset|transfer-encoding)/im.test(head)) return bytes;
  const kind = /^content-type:\s*multipart\//im.test(head) ? '' : 'Content-Type: text/plain; charset=utf-8\r\n';
  return Buffer.from(kind + decodeText(bytes));
}
