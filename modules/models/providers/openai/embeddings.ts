import type { Json } from '../../dialects/contract.ts';
import { isJson } from '../../dialects/json.ts';
import { unreadable } from '../../dialects/refuse.ts';
import type { EmbeddingsAnswer, EmbeddingsBody } from '../adapter.ts';

export const writeEmbeddings = ({ input, dimensions, user }: EmbeddingsBody, model: string): Json => ({
  model,
  input,
  encoding_format: 'float',
  ...(dimensions !== undefined && { dimensions }),
  ...(user !== undefined && { user }),
});

/**
 * Vectors in the order of their `index`, whatever order they came in. Usage of each item, as GigaChat has it, is summed up.
 * @throws Problem invalid-upstream-answer for anything but one vector of finite numbers for each index
 */
export function readEmbeddings(answer: Json): EmbeddingsAnswer {
  const items = Array.isArray(answer.data) ? answer.data : [];
  const vectors = new Array<number[]>(items.length);
  for (const [position, item] of items.entries()) {
    const index = isJson(item) && Number.isSafeInteger(item.index) ? Number(item.index) : position;
    const vector = isJson(item) ? readVector(item.embedding) : undefined;
    if (vector === undefined || index < 0 || index >= items.length || vectors[index] !== undefined) {
      throw unreadable(`embedding ${index} is not one vector for each text`);
    }
    vectors[index] = vector;
  }
  if (items.length === 0) throw unreadable('no embeddings in it');
  return { vectors, usage: readUsage(answer) };
}

/** Numbers, or the bytes of 32-bit floats in base64, lowest byte first. */
function readVector(value: unknown): number[] | undefined {
  if (Array.isArray(value)) return value.length > 0 && value.every(Number.isFinite) ? value : undefined;
  if (typeof value !== 'string') return undefined;
  const bytes = Buffer.from(value, 'base64');
  if (bytes.length === 0 || bytes.length % 4 !== 0) return undefined;
  const vector = Array.from({ length: bytes.length / 4 }, (_, at) => bytes.readFloatLE(at * 4));
  return vector.every(Number.isFinite) ? vector : undefined;
}

function readUsage(answer: Json): EmbeddingsAnswer['usage'] {
  const whole = tokensOf(answer);
  if (whole !== undefined) return { input: whole, output: 0 };
  const counts = (answer.data as unknown[]).map((item) => (isJson(item) ? tokensOf(item) : undefined));
  if (counts.some((count) => count === undefined)) return undefined;
  return { input: counts.reduce<number>((sum, count) => sum + (count ?? 0), 0), output: 0 };
}

function tokensOf({ usage }: Json): number | undefined {
  if (!isJson(usage)) return undefined;
  const tokens = usage.prompt_tokens ?? usage.total_tokens;
  return Number.isSafeInteger(tokens) && Number(tokens) >= 0 ? Number(tokens) : undefined;
}
