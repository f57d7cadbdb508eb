import type { Dialect } from '../contract.ts';
import { readChatUsage } from '../token-count.ts';
import { inStream, openAiError, writeOpenAiError } from '../write-openai-error.ts';
import { chatMeaningOf } from './meaning.ts';
import { readChatAnswer } from './read-answer.ts';
import { readChatRequest } from './read-request.ts';
import { createChatReader } from './reader.ts';
import { writeChatRequest } from './write-request.ts';
import { createChatWriter } from './writer.ts';

/** OpenAI's chat completions, through which all other formats are translated. */
export const chatDialect: Dialect = {
  name: 'chat',
  readRequest: readChatRequest,
  writeRequest: writeChatRequest,
  readAnswer: readChatAnswer,
  readUsage: ({ usage }) => readChatUsage(usage),
  meaningOf: chatMeaningOf,
  createReader: createChatReader,
  writeAnswer: (answer, model) => ({ ...answer, object: 'chat.completion', model }),
  createWriter: createChatWriter,
  writeError: writeOpenAiError,
  writeStreamError: (problem) => `data: ${JSON.stringify({ error: inStream(openAiError(problem)) })}\n\n`,
};
