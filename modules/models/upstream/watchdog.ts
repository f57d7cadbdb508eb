/**
 * Ends a call to an upstream that stopped answering. `signal` aborts when the caller's does, when it stays armed
 * longer than it was armed for, or after `totalMs`. Disarmed while the caller is busy, so its pauses count for nothing.
 */
export interface Watchdog {
  readonly signal: AbortSignal;
  /** Why `signal` aborted, if it did. */
  verdict(): 'cancelled' | 'timeout' | undefined;
  /** From now, `ms` may pass. */
  arm(ms: number): void;
  disarm(): void;
  /** Lets go of timers and listeners. */
  close(): void;
}

export function createWatchdog(options: { totalMs: number; caller: AbortSignal | undefined }): Watchdog {
  const controller = new AbortController();
  let verdict: 'cancelled' | 'timeout' | undefined;
  let idle: NodeJS.Timeout | undefined;
  const end = (reason: 'cancelled' | 'timeout') => {
    verdict ??= reason;
    controller.abort();
  };
  const cancel = () => end('cancelled');
  const expire = () => end('timeout');
  const total = setTimeout(expire, options.totalMs);
  if (options.caller?.aborted) cancel();
  else options.caller?.addEventListener('abort', cancel, { once: true });
  return {
    signal: controller.signal,
    verdict: () => verdict,
    arm(ms) {
      clearTimeout(idle);
      idle = setTimeout(expire, ms);
    },
    disarm: () => clearTimeout(idle),
    close() {
      clearTimeout(idle);
      clearTimeout(total);
      options.caller?.removeEventListener('abort', cancel);
    },
  };
}
