import { NetworkError, ProblemError } from './problem.ts';

const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/** Statuses of proxies whose server is being replaced or restarted. */
const gatewayFailures = new Set([502, 503, 504]);

/** Whether a failure passes by itself, and the same request may be sent again: not when a model or a limit refused it. */
export function isPassing(error: unknown): boolean {
  if (error instanceof NetworkError) return true;
  if (!(error instanceof ProblemError)) return false;
  const { type, status } = error.problem;
  return error.is('unavailable') || error.is('overloaded') || (type === 'about:blank' && gatewayFailures.has(status));
}

/**
 * Milliseconds before the next attempt: what the server asks for, else longer after each failure, and never at the same time in all
 * clients.
 * @param failures since the last success, from 1
 */
export function delayAfter(error: unknown, failures: number): number {
  const asked = error instanceof ProblemError ? error.retryAfterMs : undefined;
  const backoff = Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1));
  return asked ?? backoff * (0.5 + Math.random() / 2);
}

/** @throws the signal's reason when it is aborted in the meantime */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const timer = setTimeout(done, ms);
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', abort, { once: true });
    function done() {
      signal?.removeEventListener('abort', abort);
      resolve();
    }
  });
}

/** Whether the device says that it has no network. Programs without a browser never say so. */
export const isOffline = (): boolean => globalThis.navigator?.onLine === false;

/** Waits for `ms`, and for as long as the device has no network; less when the network comes back in that time. */
export async function sleepUntilOnline(ms: number, signal?: AbortSignal): Promise<void> {
  if (!isOffline()) return sleep(ms, signal);
  const online = new AbortController();
  const wake = () => online.abort();
  const stop = signal ? AbortSignal.any([signal, online.signal]) : online.signal;
  globalThis.addEventListener?.('online', wake);
  try {
    // Some devices never say that they are back.
    while (isOffline() && !online.signal.aborted) await sleep(LONGEST_MS, stop);
  } catch (error) {
    if (!online.signal.aborted) throw error;
  } finally {
    globalThis.removeEventListener?.('online', wake);
  }
}
