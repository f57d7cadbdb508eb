import { setTimeout as sleep } from 'node:timers/promises';

/**
 * The answer to a query, or an error after so many seconds: a server that hangs would otherwise be waited for without
 * end. The connection should be closed then, since it still waits.
 */
export async function within<T>(seconds: number, query: PromiseLike<T>): Promise<T> {
  const answered = new AbortController();
  const late = sleep(seconds * 1000, undefined, { signal: answered.signal, ref: false }).then(() => {
    throw new Error(`Ask database: no answer within ${seconds} s`);
  });
  try {
    return await Promise.race([query, late]);
  } finally {
    late.catch(() => {}); // ended by the next line
    answered.abort();
  }
}
