import type { Json } from '../dialects/contract.ts';
import { isSet, isWhole } from '../dialects/json.ts';
import { invalid } from '../dialects/refuse.ts';
import type { EmbeddingsBody } from '../providers/adapter.ts';
import type { WholeAnswer } from '../routing/contract.ts';
import { type AskedCall, admitCall, type Gateway } from './admit-call.ts';
import type { ModelAnswer } from './call-model.ts';
import { findRoute } from './find-route.ts';
import { measureJson } from './measure-json.ts';
import { readModel } from './read-chat.ts';

export interface AskedEmbeddings extends AskedCall {
  read: ReadEmbeddings;
  bytes: number;
}

export interface ReadEmbeddings {
  model: string;
  body: EmbeddingsBody;
  isBase64: boolean;
}

/** As OpenAI has it. */
const MOST_INPUTS = 2_048;
const MOST_DIMENSIONS = 100_000;

/** Reads a request in OpenAI's format. @throws Problem invalid-request naming the place */
export function readEmbeddings(json: Json): ReadEmbeddings {
  measureJson(json);
  const { input, dimensions, user, encoding_format: encoding } = json;
  if (isSet(encoding) && encoding !== 'float' && encoding !== 'base64')
    throw invalid('body.encoding_format', 'must be "float" or "base64"');
  if (isSet(dimensions) && !isWhole(dimensions, 1, MOST_DIMENSIONS))
    throw invalid('body.dimensions', `must be a whole number from 1 to ${MOST_DIMENSIONS}`);
  return {
    model: readModel(json),
    isBase64: encoding === 'base64',
    body: {
      input: readInput(input),
      ...(typeof dimensions === 'number' && { dimensions }),
      ...(typeof user === 'string' && { user }),
    },
  };
}

/** One text or list of tokens, or several of one kind. */
function readInput(input: unknown): (string | number[])[] {
  const items = typeof input === 'string' || isTokens(input) ? [input] : input;
  if (!Array.isArray(items) || items.length === 0 || items.length > MOST_INPUTS)
    throw invalid('body.input', `must be a text, a list of tokens, or a list of 1 to ${MOST_INPUTS} of them`);
  const isText = typeof items[0] === 'string';
  for (const [index, item] of items.entries())
    if (isText ? typeof item !== 'string' || item === '' : !isTokens(item))
      throw invalid(`body.input[${index}]`, isText ? 'must be a text that is not empty' : 'must be a list of tokens');
  return items;
}

const isTokens = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length > 0 && value.every((token) => isWhole(token, 0, 2 ** 31));

/**
 * Embeds texts by a route, metered as any call; the answer is in OpenAI's format.
 * @throws Problem model-not-found, and those of `admitCall` and `Exchange.embeddings`
 */
export async function embed(gateway: Gateway, asked: AskedEmbeddings): Promise<ModelAnswer & WholeAnswer> {
  const { caller, configuration, read, bytes, signal } = asked;
  const route = findRoute(configuration, caller, read.model);
  const prompt = { bytes, media: { characters: 0, pictures: 0 } };
  const call = await admitCall(gateway, { ...asked, route, prompt, output: () => 0, operation: 'embeddings' });
  try {
    const { books, targets } = call;
    const answer = await gateway.exchange.embeddings({
      ...{ route, targets, signal, body: read.body, onAttempt: books.note },
    });
    const { target, vectors, usage } = answer;
    const tokens = usage?.input ?? gateway.estimates.input(target.name, prompt);
    return {
      kind: 'whole',
      ...{ target, status: 200, contentType: 'application/json' },
      body: Buffer.from(JSON.stringify(writeEmbeddings(read, vectors, tokens))),
      ...{ attempts: books.failures() + 1, dropped: [], isComplete: books.isComplete },
      settled: Promise.resolve(await call.end()),
    };
  } finally {
    void call.end();
  }
}

function writeEmbeddings({ model, isBase64 }: ReadEmbeddings, vectors: readonly number[][], tokens: number): Json {
  const data = vectors.map((vector, index) => ({
    ...{ object: 'embedding', index },
    embedding: isBase64 ? toBase64(vector) : vector,
  }));
  return { object: 'list', data, model, usage: { prompt_tokens: tokens, total_tokens: tokens } };
}

/** Numbers of 32 bits in base64, little-endian on every machine, as OpenAI's clients read them. */
function toBase64(vector: readonly number[]): string {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4);
  return bytes.toString('base64');
}
