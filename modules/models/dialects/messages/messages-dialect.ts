import type { Dialect } from '../contract.ts';
import { readAnthropicUsage } from '../token-count.ts';
import { messagesMeaningOf } from './meaning.ts';
import { readMessagesAnswer } from './read-answer.ts';
import { readMessagesRequest } from './read-request.ts';
import { createMessagesReader } from './reader.ts';
import { writeMessagesAnswer } from './write-answer.ts';
import { writeMessagesError, writeMessagesStreamError } from './write-error.ts';
import { writeMessagesRequest } from './write-request.ts';
import { createMessagesWriter } from './writer.ts';

/** Anthropic's messages. */
export const messagesDialect: Dialect = {
  name: 'messages',
  readRequest: readMessagesRequest,
  writeRequest: writeMessagesRequest,
  readAnswer: readMessagesAnswer,
  readUsage: ({ usage }) => readAnthropicUsage(usage),
  meaningOf: messagesMeaningOf,
  createReader: createMessagesReader,
  writeAnswer: writeMessagesAnswer,
  createWriter: createMessagesWriter,
  writeError: writeMessagesError,
  writeStreamError: writeMessagesStreamError,
};
