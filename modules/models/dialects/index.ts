import { chatDialect } from './chat/chat-dialect.ts';
import type { Dialect, DialectName } from './contract.ts';
import { messagesDialect } from './messages/messages-dialect.ts';
import { responsesDialect } from './responses/responses-dialect.ts';

export { answerChunks } from './chat/answer-chunks.ts';
export { chatDialect } from './chat/chat-dialect.ts';
export { characterCount } from './chat/meaning.ts';
export { messagesDialect } from './messages/messages-dialect.ts';
export { responsesDialect } from './responses/responses-dialect.ts';

/** All formats that callers may speak. */
export const dialects: Readonly<Record<DialectName, Dialect>> = {
  chat: chatDialect,
  responses: responsesDialect,
  messages: messagesDialect,
};
