import type { Database } from '../../../db/client.ts';
import { promptLogs } from '../../../db/schema/models/prompt-logs.ts';
import type { Log } from '../../../platform/kernel/log.ts';
import type { Caller } from '../../../platform/runtime/http/caller.ts';
import type { Dialect, Json } from '../dialects/contract.ts';
import { readSentAnswer } from './read-answer.ts';
import { type Redacted, redactJson } from './redact-json.ts';

/** A call whose request is to be logged. */
export interface LoggedPrompt {
  caller: Pick<Caller, 'organizationId' | 'userId' | 'keyId'>;
  requestId: string;
  dialect: Dialect;
  route: string;
  body: Json;
  keepMs: number;
}

export interface GivenAnswer {
  target: string;
  kind: 'whole' | 'begun';
  /** As sent to the caller, or the beginning of it. */
  bytes: Buffer;
}

/** Bytes of an answer that are read at most. */
export const MOST_ANSWER_BYTES = 262_144;
/** Entries that wait for the database; more are given up, as calls must not wait for their log. */
const MOST_WAITING = 500;
const WAIT_MS = 500;

type Row = typeof promptLogs.$inferInsert;

/** Writes prompts of organizations that asked for it, redacted, after their calls are over. */
export interface PromptLog {
  /** Notes a request. Its body is not referred to for longer than to the next turn of the event loop. */
  begin(prompt: LoggedPrompt): { end(answer: GivenAnswer | undefined): void };
  /** Resolves when all is written that can be. */
  close(): Promise<void>;
}

export function createPromptLog(database: Pick<Database, 'tenant'>, log: Pick<Log, 'warn'>): PromptLog {
  let waiting: Row[] = [];
  let timer: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();
  const noting = new Set<Promise<void>>();

  const write = async (): Promise<void> => {
    const rows = waiting;
    waiting = [];
    for (const [organizationId, ofOne] of Map.groupBy(rows, (row) => row.organizationId)) {
      await database
        .tenant(organizationId, (tx) => tx.insert(promptLogs).values(ofOne))
        .catch((error: unknown) => log.warn({ error, entries: ofOne.length }, 'Prompt log: not written'));
    }
  };
  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    writing = writing.then(write);
    return writing;
  };
  const add = (row: Row): void => {
    if (waiting.length >= MOST_WAITING) {
      log.warn({ entries: 1 }, 'Prompt log: full, an entry is left out');
      return;
    }
    waiting.push(row);
    timer ??= setTimeout(() => void flush(), WAIT_MS);
  };

  return {
    begin({ body, caller, dialect, keepMs, ...about }) {
      const { organizationId, userId, keyId = null } = caller;
      const createdAt = new Date();
      const request = soon(() => redactJson(body));
      return {
        end(given) {
          const noted = Promise.all([request, soon(() => (given ? redactAnswer(dialect, given) : undefined))])
            .then(([asked, said]) =>
              add({
                ...{ organizationId, userId, keyId, createdAt, dialect: dialect.name, ...about },
                ...{ target: given?.target ?? null, request: asked.json, answer: said?.json ?? null },
                isCut: asked.isCut || said?.isCut === true,
                expiresAt: new Date(createdAt.getTime() + keepMs),
              }),
            )
            .catch((error: unknown) => log.warn({ error }, 'Prompt log: not redacted, and so not kept'))
            .finally(() => noting.delete(noted));
          noting.add(noted);
        },
      };
    },
    async close() {
      await Promise.all(noting);
      await flush();
    },
  };
}

function redactAnswer(dialect: Dialect, { kind, bytes }: GivenAnswer): Redacted | undefined {
  const json = readSentAnswer(dialect, kind, bytes);
  if (json === undefined) return undefined;
  const { json: text, isCut } = redactJson(json);
  return { json: text, isCut: isCut || bytes.length >= MOST_ANSWER_BYTES };
}

/** In a turn of its own, so that no answer waits for it. */
const soon = <T>(work: () => T): Promise<T> =>
  new Promise((resolve, reject) => {
    setImmediate(() => {
      try {
        resolve(work());
      } catch (error) {
        reject(error);
      }
    });
  });
