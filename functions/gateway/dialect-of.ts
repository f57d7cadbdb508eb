import type { Dialect } from '../../modules/models/dialects/contract.ts';
import { dialects } from '../../modules/models/dialects/index.ts';

/** The format that callers of a path speak: those of `/v1/messages…` Anthropic's, all others OpenAI's. */
export function dialectOf(path: string): Dialect {
  if (isAt(path, '/v1/messages')) return dialects.messages;
  return isAt(path, '/v1/responses') ? dialects.responses : dialects.chat;
}

const isAt = (path: string, start: string) => path === start || path.startsWith(`${start}/`);
