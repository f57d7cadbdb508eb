import type { Wire } from '../../dialects/contract.ts';
import { createGigaChatReader, gigaChatMeaningOf, readGigaChatAnswer } from './read-answer.ts';
import { readGigaChatUsage } from './read-usage.ts';
import { writeGigaChatRequest } from './write-request.ts';

/** The format of GigaChat's first API: like an early one of OpenAI's, with one call of a function in a turn. */
export const gigaChatWire: Wire = {
  name: 'gigachat',
  writeRequest: writeGigaChatRequest,
  readAnswer: readGigaChatAnswer,
  readUsage: ({ usage }) => readGigaChatUsage(usage),
  meaningOf: gigaChatMeaningOf,
  createReader: createGigaChatReader,
};
