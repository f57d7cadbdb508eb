import type { Json } from '../dialects/contract.ts';
import { invalid } from '../dialects/refuse.ts';

/** Deep enough for any schema of a tool. */
const DEEPEST = 100;

/** The least of a text that may be a picture or sound; a shorter one counts as text. */
const ENCODED_CHARACTERS = 512;

/** Types of the parts that hold a picture, in all formats. */
const pictures = new Set(['image_url', 'input_image', 'image']);

/** What is no text in a request, which costs other tokens. */
export interface Media {
  /** Of pictures and sound in base64. */
  characters: number;
  /** Pictures, those among them that are addresses. */
  pictures: number;
}

/**
 * Looks at every value once, without recursion: what is read later by recursive code must not overflow its stack.
 * @throws Problem invalid-request when it is nested too deeply or holds a number that no JSON can be written with
 */
export function measureJson(body: Json): Media {
  const measured = { characters: 0, pictures: 0 };
  const waiting: object[] = [body];
  const depths = [1];
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    const depth = depths.pop() as number;
    if (depth > DEEPEST) throw invalid('body', `must not be nested deeper than ${DEEPEST} levels`);
    const { type } = value as Json;
    if (typeof type === 'string' && pictures.has(type)) measured.pictures += 1;
    for (const inner of Object.values(value) as unknown[]) {
      if (typeof inner === 'object' && inner !== null) {
        waiting.push(inner);
        depths.push(depth + 1);
      } else if (typeof inner === 'string') {
        if (isEncoded(inner)) measured.characters += inner.length;
      } else if (typeof inner === 'number' && !Number.isFinite(inner)) {
        throw invalid('body', 'must not hold a number beyond the range of a double');
      }
    }
  }
  return measured;
}

/** Base64 without a space among its first characters, or a data URL. */
const isEncoded = (text: string): boolean =>
  text.length >= ENCODED_CHARACTERS &&
  (text.startsWith('data:') || /^[\w+/-]+={0,2}$/.test(text.slice(0, ENCODED_CHARACTERS)));
