import PostalMime, { type Address, type Email } from 'postal-mime';
import { detectLanguage } from '../detect-language.ts';
import { decodeText } from '../encoding/decode-text.ts';
import { createHtmlToLines } from '../html/to-lines.ts';
import { type Reader, requireAtMost } from '../reading.ts';

const labels = {
  en: { subject: 'Subject', from: 'From', to: 'To', cc: 'Cc', date: 'Date', attachments: 'Attachments' },
  ru: { subject: 'Тема', from: 'От', to: 'Кому', cc: 'Копия', date: 'Дата', attachments: 'Вложения' },
};
const mostAttachments = 200;

/** A message: subject, people and date, its text, and the names of what is attached. Attachments are not opened. */
export const readEmail: Reader = async ({ bytes, limits }, output) => {
  requireAtMost(limits.unpackedBytes, bytes.length, 'bytes');
  const email = await PostalMime.parse(withKnownCharset(bytes), { forceRfc822Attachments: true, maxNestingDepth: 100 });
  const body = textOf(email);
  const words = labels[detectLanguage(`${email.subject ?? ''} ${body}`)];
  const names = email.attachments.filter(({ related }) => !related).map(({ filename }) => filename ?? '');
  const lines = [
    line(words.subject, email.subject),
    line(words.from, people(email.from && [email.from])),
    line(words.to, people(email.to)),
    line(words.cc, people(email.cc)),
    line(words.date, email.date && day(email.date)),
  ];
  for (const detail of names) output.notice({ kind: 'attachment-not-read', page: null, detail });
  const attached = names.filter((name) => name !== '').slice(0, mostAttachments);
  const parts = [lines.filter((each) => each !== '').join('\n'), body, line(words.attachments, attached.join(', '))];
  await output.page(parts.filter((part) => part.trim() !== '').join('\n\n'));
  return { hasPages: false, title: email.subject };
};

/** The plain form, which people wrote or their program made of the other. */
function textOf({ text, html }: Email): string {
  return text?.trim() || (html ? createHtmlToLines()(html).trim() : '');
}

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
  return Buffer.from(`Content-Type: text/plain; charset=utf-8\r\n${decodeText(bytes)}`);
}
