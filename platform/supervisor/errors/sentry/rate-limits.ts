import type { SentryAnswer } from './post-envelope.ts';

const DEFAULT_SECONDS = 60;
/** A server that asks for more is asked again after a day. */
const MOST_SECONDS = 86_400;

/** Milliseconds for which a server wants no errors; 0 when it takes them. */
export function pauseMs({ status, retryAfter, rateLimits }: SentryAnswer, now: number): number {
  if (rateLimits !== undefined) return Math.max(0, ...rateLimits.split(',').map(limitMs));
  if (status !== 429) return 0;
  const seconds = Number(retryAfter?.trim() || Number.NaN);
  if (!Number.isNaN(seconds)) return bounded(seconds);
  const date = Date.parse(retryAfter ?? '');
  return Number.isNaN(date) ? bounded(DEFAULT_SECONDS) : bounded((date - now) / 1_000);
}

/** `60:error;transaction:organization`, or without categories for all. */
function limitMs(limit: string): number {
  const [seconds = '', categories = ''] = limit.trim().split(':');
  if (categories !== '' && !categories.split(';').includes('error')) return 0;
  return bounded(Number.isNaN(Number.parseFloat(seconds)) ? DEFAULT_SECONDS : Number.parseFloat(seconds));
}

const bounded = (seconds: number): number => Math.ceil(Math.min(Math.max(seconds, 0), MOST_SECONDS) * 1_000);
