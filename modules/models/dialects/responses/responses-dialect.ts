import type { Dialect } from '../contract.ts';
import { readResponsesUsage } from '../token-count.ts';
import { inStream, openAiError, writeOpenAiError } from '../write-openai-error.ts';
import { responsesMeaningOf } from './meaning.ts';
import { readResponsesAnswer } from './read-answer.ts';
import { readResponsesRequest } from './read-request.ts';
import { createResponsesReader } from './reader.ts';
import { writeResponsesAnswer } from './write-answer.ts';
import { writeResponsesRequest } from './write-request.ts';
import { createResponsesWriter } from './writer.ts';

const NUMBER = /"sequence_number"\s*:\s*(\d+)/g;

/** The number of the event after these. Quotes inside of texts are escaped, so that no text looks like a number. */
function nextNumber(sent: Buffer | undefined): number {
  const last = [...(sent?.toString('latin1') ?? '').matchAll(NUMBER)].at(-1);
  return last ? Number(last[1]) + 1 : 0;
}

/** OpenAI's responses, of which nothing is kept: a caller sends the whole conversation. */
export const responsesDialect: Dialect = {
  name: 'responses',
  readRequest: readResponsesRequest,
  writeRequest: writeResponsesRequest,
  readAnswer: readResponsesAnswer,
  readUsage: ({ usage }) => readResponsesUsage(usage),
  meaningOf: responsesMeaningOf,
  createReader: createResponsesReader,
  writeAnswer: writeResponsesAnswer,
  createWriter: createResponsesWriter,
  writeError: writeOpenAiError,
  /** The error stands in the event and inside it: clients read one or the other. */
  writeStreamError(problem, _, sent) {
    const error = inStream(openAiError(problem));
    const { code, message, param } = error;
    const data = { type: 'error', sequence_number: nextNumber(sent), code, message, param, error };
    return `event: error\ndata: ${JSON.stringify(data)}\n\n`;
  },
};
