export { chatDialect } from './chat/chat-dialect.ts';
export { characterCount } from './chat/meaning.ts';
export { readFailure } from './failure-codes.ts';
export { messagesDialect } from './messages/messages-dialect.ts';
export { readChatUsage, writeChatUsage } from './token-count.ts';
