import type { ImageOutcome, MadePicture, PictureReference } from '../../image-model.ts';

const DATA_URI = /^data:image\/[\w.+-]{1,40};base64,/;
/** Of the beginning; whether all of it is a picture is found out when it is decoded. */
const BASE64 = /^[A-Za-z0-9+/]{16}/;

/**
 * A picture as providers name it: an address, a data URI or its bytes in base64. Undefined for anything else.
 * @param isOurs whether pictures are fetched at an address
 */
export function pictureOf(text: unknown, isOurs: (url: string) => boolean): PictureReference | undefined {
  if (typeof text !== 'string' || text === '') return undefined;
  const [head] = DATA_URI.exec(text.slice(0, 100)) ?? [];
  if (head !== undefined) return { base64: text.slice(head.length) };
  if (URL.canParse(text)) return isOurs(text) ? { url: text } : undefined;
  return BASE64.test(text) ? { base64: text } : undefined;
}

/**
 * The end of a task that was paid for.
 * @param pictures undefined for one that is none
 * @param flags of the pictures, in their order
 */
export function madeOutcome(
  pictures: readonly (PictureReference | undefined)[],
  flags: readonly unknown[] = [],
  seed?: unknown,
): ImageOutcome {
  const made = pictures.flatMap((picture, index): MadePicture[] =>
    picture ? [{ picture, flagged: flags[index] === true }] : [],
  );
  if (made.length === 0) return { outcome: 'failed', reason: 'no-picture', maybeCharged: true };
  return { outcome: 'made', pictures: made, ...(Number.isSafeInteger(seed) && { seed: seed as number }) };
}

/** The bytes of a picture that came in an answer. @throws RangeError */
export function decodePicture(base64: string, maxBytes: number): Buffer {
  const bytes = Buffer.from(base64.slice(0, Math.ceil((maxBytes + 1) / 3) * 4), 'base64');
  if (bytes.length > maxBytes) throw new RangeError(`Decode a picture: more than ${maxBytes} bytes`);
  return bytes;
}
