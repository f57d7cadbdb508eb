import type { Dialect } from '../contract.ts';
import { readResponsesUsage } from '../token-count.ts';
import { openAiError, streamErrorCode, writeOpenAiError } from '../write-openai-error.ts';
import { responsesMeaningOf } from './meaning.ts';
import { readResponsesAnswer } from './read-answer.ts';
import { readResponsesRequest } from './read-request.ts';
import { createResponsesReader } from './reader.ts';
import { writeResponsesAnswer } from './write-answer.ts';
import { writeResponsesRequest } from './write-request.ts';
import { createResponsesWriter } from './writer.ts';

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
  writeStreamError(problem) {
    const error = openAiError(problem);
    const code = streamErrorCode(String(error.code));
    const { message, param } = error;
    const data = { type: 'error', sequence_number: 0, code, message, param, error: { ...error, code } };
    return `event: error\ndata: ${JSON.stringify(data)}\n\n`;
  },
};
