import { decodeWords } from 'postal-mime';

const encodedWord = /=\?[\w-]{1,40}(?:\*[\w-]{1,20})?\?[bq]\?[^?\s]{1,2000}\?=/i;
const percentEscape = /%[\da-f]{2}/i;

/**
 * The name of a file as its author wrote it, from what a client made of it on the way: in quotes, as encoded words of
 * e-mail (RFC 2047), as an extended value (RFC 8187) or percent-encoded. A name that is none of these stays.
 */
export function writtenName(clientName: string): string {
  const name = /^\s*(["'])(.+)\1\s*$/s.exec(clientName)?.[2] ?? clientName;
  if (encodedWord.test(name)) return whole(decodeWords(name)) ?? name;
  const extended = percentEscape.test(name) ? extendedName(name) : undefined;
  return extended ?? decodePercent(name, 'utf-8') ?? unescapeForm(name);
}

/** What an extended value (RFC 8187), as `UTF-8''%D0%90.pdf`, stands for; undefined for anything else. */
export function extendedName(value: string): string | undefined {
  const [, charset, encoded] = /^\s*([\w-]{1,40})'[\w-]{0,20}'(.+)$/s.exec(value) ?? [];
  if (charset === undefined || encoded === undefined) return undefined;
  return percentEscape.test(encoded) ? decodePercent(encoded.trim(), charset) : whole(encoded.trim());
}

/** Undefined for a name that holds what percent-encoding would have encoded, or that decodes to no text. */
function decodePercent(name: string, charset: string): string | undefined {
  if (!percentEscape.test(name) || /%(?![\da-f]{2})|[^ -~]/i.test(name)) return undefined;
  const bytes = Buffer.from(
    name.replaceAll(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
  // Letters of ASCII need no escape: with a space among them, which does, `10 %41` is what was written.
  if (name.includes(' ') && !bytes.some((byte) => byte > 0x7f)) return undefined;
  try {
    return whole(new TextDecoder(charset, { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

/** Browsers escape quotes and line ends, and nothing else, in the names of a form's files. */
const unescapeForm = (name: string) => name.replaceAll('%22', '"').replaceAll(/%0[AD]/g, ' ');

const whole = (text: string) => (text.includes('\ufffd') || text.trim() === '' ? undefined : text);
