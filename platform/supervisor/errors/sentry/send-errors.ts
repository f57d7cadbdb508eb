import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../../kernel/log.ts';
import type { ErrorGroup } from '../error-groups.ts';
import type { FoundError } from '../read-error.ts';
import { type SentryTarget, sentryTarget } from './dsn.ts';
import { postEnvelope } from './post-envelope.ts';
import { pauseMs } from './rate-limits.ts';
import { type DiscardReason, type Sender, type SentryEvent, toEvent, writeEnvelope } from './write-envelope.ts';

/** Sends errors to a Sentry-compatible server, of all processes from this one. */
export interface ErrorSender {
  /** Returns at once. What would be too much is left out, and counted for the server. */
  take(error: FoundError, group: ErrorGroup): void;
  /** Sends what waits, for two seconds at most. */
  stop(): Promise<void>;
}

interface SenderOptions {
  /** As the settings have it now; undefined sends nothing. */
  dsn(): string | undefined;
  sender: Omit<Sender, 'environment'> & { environment(): string };
  log: Pick<Log, 'warn'>;
  /** Milliseconds since 1970. */
  now?: () => number;
  wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Of a group, one event is sent in this time. */
const GROUP_MS = 60_000;
/** Of all groups together, so many in a minute. */
const MOST_A_MINUTE = 60;
const MOST_WAITING = 100;
/** What a supervisor finds in logs of before its time is no news. */
const OLDEST_MS = 3_600_000;
/** Waits between attempts; after the last one the event is given up, and so are others for a while. */
const RETRIES_MS = [1_000, 5_000];
const DOWN_MS = 60_000;
const WARN_MS = 3_600_000;
const STOP_MS = 2_000;

export function sendErrors(options: SenderOptions): ErrorSender {
  const {
    dsn,
    sender,
    log,
    now = Date.now,
    wait = (ms, signal) => sleep(ms, undefined, { signal, ref: false }),
  } = options;
  const client = `pandect/${sender.version}`;
  const groups = createPace(now);
  const discarded = new Map<DiscardReason, number>();
  const stopping = new AbortController();
  let waiting: SentryEvent[] = [];
  let sending: Promise<void> | undefined;
  let paused: { until: number; reason: DiscardReason } = { until: 0, reason: 'network_error' };
  let warnedAt = Number.NEGATIVE_INFINITY;

  const discard = (reason: DiscardReason, quantity = 1) =>
    void discarded.set(reason, (discarded.get(reason) ?? 0) + quantity);
  const pause = (ms: number, reason: DiscardReason) => {
    paused = { until: now() + ms, reason };
    if (waiting.length > 0) discard(reason, waiting.length);
    waiting = [];
  };
  const warn = (why: object) => {
    if (now() - warnedAt < WARN_MS) return;
    warnedAt = now();
    log.warn(why, 'Errors: the Sentry server does not take them');
  };

  /** @returns whether another attempt may help */
  const attempt = async (target: SentryTarget, event: SentryEvent): Promise<boolean> => {
    const reported = new Map(discarded);
    const answer = await postEnvelope(target, writeEnvelope(event, reported, new Date(now())), stopping.signal).catch(
      () => undefined,
    );
    if (answer === undefined) return true;
    const { status } = answer;
    const limitMs = pauseMs(answer, now());
    if (status < 300) {
      for (const [reason, quantity] of reported) discard(reason, -quantity);
      for (const [reason, quantity] of discarded) if (quantity === 0) discarded.delete(reason);
    } else if (limitMs > 0) discard('ratelimit_backoff');
    else if (status >= 500) return true;
    else {
      discard('send_error');
      warn({ status });
    }
    if (limitMs > 0) pause(limitMs, 'ratelimit_backoff');
    return false;
  };
  const send = async (event: SentryEvent) => {
    const given = dsn();
    if (given === undefined) return;
    const target = sentryTarget(given, client);
    for (const ms of [...RETRIES_MS, undefined]) {
      if (!(await attempt(target, event))) return;
      if (ms === undefined || stopping.signal.aborted) break;
      await wait(ms, stopping.signal).catch(() => {});
    }
    discard('network_error');
    warn({ attempts: RETRIES_MS.length + 1 });
    pause(DOWN_MS, 'network_error');
  };
  const sendAll = async () => {
    for (let event = waiting.shift(); event; event = waiting.shift()) await send(event);
    sending = undefined;
  };

  return {
    take(error, group) {
      if (dsn() === undefined || now() - Date.parse(error.at) > OLDEST_MS) return;
      if (now() < paused.until) return discard(paused.reason);
      const similar = groups.admit(group);
      if (similar === undefined) return discard('sample_rate');
      if (waiting.length >= MOST_WAITING) return discard('queue_overflow');
      waiting.push(toEvent(error, group, similar, { ...sender, environment: sender.environment() }));
      sending ??= sendAll();
    },
    async stop() {
      const end = setTimeout(() => {
        waiting = [];
        stopping.abort();
      }, STOP_MS);
      await sending;
      clearTimeout(end);
    },
  };
}

/** Says of which groups an event may be sent now. */
function createPace(now: () => number) {
  const last = new Map<string, { at: number; similar: number }>();
  let minute = { at: Number.NEGATIVE_INFINITY, events: 0 };
  return {
    /** @returns how many errors of the group were left out since its last event; undefined leaves this one out */
    admit({ unit, name, place }: ErrorGroup): number | undefined {
      if (now() - minute.at >= 60_000) {
        minute = { at: now(), events: 0 };
        for (const [key, { at, similar }] of last)
          if (now() - at >= (similar === 0 ? GROUP_MS : 60 * GROUP_MS)) last.delete(key);
      }
      const key = [unit, name, place].join('\n');
      const known = last.get(key);
      if ((known && now() - known.at < GROUP_MS) || minute.events >= MOST_A_MINUTE) {
        if (known) known.similar++;
        return undefined;
      }
      minute.events++;
      last.set(key, { at: now(), similar: 0 });
      return known?.similar ?? 0;
    },
  };
}
