import type { Log } from '../../kernel/log.ts';
import type { Language, Problem } from '../../kernel/problem.ts';
import type { Caller } from './caller.ts';

/** What the middleware sets for handlers. */
export interface Variables {
  requestId: string;
  language: Language;
  log: Log;
  /** Of the client, by the edge and the proxies that are trusted. Count by its `clientKey`. */
  address: string;
  /** Who calls; only behind a protected router. */
  caller: Caller;
  /** Counts the request for its caller too; only where requests are limited. @throws Problem rate-limited */
  limitCaller?: (caller: Caller) => Promise<void>;
  /** Refusal of credentials that this process does not know: too many of this address were no good. Others are checked. */
  unchecked?: Problem;
}

export type RouterEnv = { Variables: Variables };
