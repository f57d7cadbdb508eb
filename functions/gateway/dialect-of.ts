import type { Dialect } from '../../modules/models/dialects/contract.ts';
import { chatDialect, messagesDialect } from '../../modules/models/dialects/index.ts';

/** The format that callers of a path speak: those of `/v1/messages…` Anthropic's, all others OpenAI's. */
export function dialectOf(path: string): Dialect {
  if (isAt(path, '/v1/messages')) return messagesDialect;
  return chatDialect;
}

const isAt = (path: string, start: string) => path === start || path.startsWith(`${start}/`);
