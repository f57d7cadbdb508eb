import { createHash } from 'node:crypto';
import type { CallUsage } from '../../../commerce/metering/calls/contract.ts';
import type { Json } from '../../dialects/contract.ts';
import { isSet, isWhole } from '../../dialects/json.ts';
import { invalid } from '../../dialects/refuse.ts';
import { measureJson } from '../measure-json.ts';
import { readModel } from '../read-chat.ts';
import type { PassedOperation, ReadOperation } from './contract.ts';

const MOST_PICTURES = 128;
/** Cohere bills so many documents as one search. */
const DOCUMENTS_A_SEARCH = 100;
const MOST_DOCUMENTS = 10_000;
const CHARACTERS_A_TOKEN = 4;
/** Of a square picture by gpt-image models; larger formats take half as many again. */
const tokensOfQuality: Readonly<Record<string, number>> = { low: 272, medium: 1_056, high: 4_160, auto: 4_160 };

/** Reads a request in JSON: only what decides about routing and money. @throws Problem invalid-request naming the place */
export function readJsonOperation(operation: Exclude<PassedOperation, 'transcription'>, json: Json): ReadOperation {
  measureJson(json);
  const model = readModel(json);
  const body = Buffer.from(JSON.stringify(json));
  return {
    ...{ operation, model, body, contentType: 'application/json' },
    expected: expectations[operation](json),
    fingerprint: [createHash('sha256').update(body).digest('hex')],
  };
}

const expectations: Readonly<Record<Exclude<PassedOperation, 'transcription'>, (json: Json) => CallUsage>> = {
  /** Speech is priced by the characters of its text; its price for prompts is of one character. */
  speech({ input }) {
    if (typeof input !== 'string' || input === '') throw invalid('body.input', 'must be a text that is not empty');
    return { input: input.length, output: 0 };
  },
  images({ prompt, n, quality, size, stream }) {
    if (typeof prompt !== 'string' || prompt === '') throw invalid('body.prompt', 'must be a text that is not empty');
    if (isSet(stream) && typeof stream !== 'boolean') throw invalid('body.stream', 'must be true or false');
    if (isSet(n) && !isWhole(n, 1, MOST_PICTURES))
      throw invalid('body.n', `must be a whole number from 1 to ${MOST_PICTURES}`);
    const images = typeof n === 'number' ? n : 1;
    const square = tokensOfQuality[String(quality)] ?? (tokensOfQuality.auto as number);
    const each = size === undefined || size === '1024x1024' ? square : Math.ceil(square * 1.5);
    const input = Math.ceil(prompt.length / CHARACTERS_A_TOKEN);
    return { input, output: each * images, images };
  },
  rerank({ query, documents }) {
    if (typeof query !== 'string' || query === '') throw invalid('body.query', 'must be a text that is not empty');
    if (!Array.isArray(documents) || documents.length === 0 || documents.length > MOST_DOCUMENTS)
      throw invalid('body.documents', `must be an array of 1 to ${MOST_DOCUMENTS}`);
    const characters = documents.reduce<number>((sum, each) => sum + JSON.stringify(each ?? '').length, query.length);
    const requests = Math.ceil(documents.length / DOCUMENTS_A_SEARCH);
    return { input: Math.ceil(characters / CHARACTERS_A_TOKEN), output: 0, requests };
  },
};
