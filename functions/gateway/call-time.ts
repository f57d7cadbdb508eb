import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import { Problem } from '../../platform/kernel/problem.ts';
import { invalidRequest } from '../../platform/kernel/problems.ts';
import type { RouterEnv } from '../../platform/runtime/http/router-env.ts';
import manifest from './function.ts';

/** How long one call may take, and whether its caller is still there. */
export interface CallTime extends Disposable {
  seconds: number;
  /** Aborts when the caller leaves or the time is over. */
  signal: AbortSignal;
  /** Aborts only when the time is over. */
  over: AbortSignal;
  isOver(): boolean;
}

/** Of what the manifest allows, for telling the caller that it was too long. */
const TELLING_SECONDS = 10;
const LONGEST_SECONDS = manifest.timeout - TELLING_SECONDS;

/**
 * Starts the time of a call: what `X-Pandect-Timeout` asks for in seconds, and no more than a call may take at all. The times of
 * providers hold within it.
 * @throws Problem invalid-request
 */
export function startTime(c: Context<RouterEnv>): CallTime {
  const seconds = Math.min(readSeconds(c.req.header('x-pandect-timeout')) ?? LONGEST_SECONDS, LONGEST_SECONDS);
  const either = new AbortController();
  const leave = () => either.abort();
  let isOver = false;
  /** Few calls ask for its signal. */
  let over: AbortController | undefined;
  const timer = setTimeout(() => {
    isOver = true;
    over?.abort();
    leave();
  }, seconds * 1000);
  const { outgoing } = (c.env ?? {}) as Partial<HttpBindings>;
  // A client may have left while its key was looked up.
  if (outgoing?.destroyed) leave();
  else if (outgoing) outgoing.once('close', leave);
  else c.req.raw.signal.addEventListener('abort', leave);
  return {
    seconds,
    signal: either.signal,
    get over() {
      over ??= new AbortController();
      if (isOver) over.abort();
      return over.signal;
    },
    isOver: () => isOver,
    [Symbol.dispose]() {
      clearTimeout(timer);
      outgoing?.off('close', leave);
    },
  };
}

function readSeconds(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = /^\d{1,6}(\.\d{1,3})?$/.test(text) ? Number(text) : 0;
  if (seconds > 0) return seconds;
  const message = 'must be a number of seconds above 0';
  throw new Problem(invalidRequest, { errors: [{ path: 'header.x-pandect-timeout', message }] });
}
