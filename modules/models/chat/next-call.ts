import { setTimeout as sleep } from 'node:timers/promises';
import { AiFailure } from '../ai-failure.ts';
import type { UpstreamFailure } from '../providers/adapter.ts';
import { isRepeatable, mayNextKeyHelp } from '../routing/is-repeatable.ts';
import type { RepeatOn } from '../routing/route.ts';
import type { Turn, TurnRefusal } from '../upstream/upstream-state.ts';
import type { ChatCall } from './chat-model.ts';

const PAUSE_MS = 300;
/** Before a server is asked again that says that it has too many requests. */
const LONG_PAUSE_MS = 1_050;
/** A person does not wait longer for a second try. */
const LONGEST_PAUSE_MS = 2_000;
/** For a key that is in use, once no other model is left. */
export const LONGEST_WAIT_MS = 5_000;

/** A call that is to be made, as far as it may be. */
export interface WaitingCall {
  call: ChatCall;
  /** Which of the calls it is. */
  at: number;
  /** How long to wait for a key that is in use. */
  waitMs: number;
  /** Keys that it was made with. */
  usedKeys: readonly string[];
}

/**
 * Waits as long as the same model needs; another one, or the same with another key, is asked at once.
 * @returns false when there is to be no other try
 */
export async function mayRepeat(
  { text, error }: { text: string; error?: unknown },
  last: ChatCall | undefined,
  { call, usedKeys }: WaitingCall,
  { on, signal }: { on: readonly RepeatOn[]; signal: AbortSignal },
): Promise<boolean> {
  if (text !== '' || signal.aborted || !(error instanceof AiFailure)) return false;
  const { upstream } = error;
  if (upstream && !isRepeatable({ failure: upstream }, on)) return false;
  return usedKeys.length > 0 || nameOf(call) !== nameOf(last) || pauseFor(upstream, signal);
}

/** Waits before a server is asked again. @returns false when that would take too long, or once the signal aborts */
export async function pauseFor(upstream: UpstreamFailure | undefined, signal: AbortSignal): Promise<boolean> {
  const usual = upstream?.reason === 'rate-limited' ? LONG_PAUSE_MS : PAUSE_MS;
  const pause = upstream?.retryAfterMs ?? usual * (1 + Math.random());
  if (pause > LONGEST_PAUSE_MS) return false;
  return sleep(pause, true, { signal }).catch(() => false);
}

const nameOf = (call: ChatCall | undefined) => call?.target?.target ?? call?.request.model;

/** Whether the same model may answer with another key. */
export const mayAnotherKeyHelp = ({ error }: { error?: unknown }): boolean =>
  error instanceof AiFailure && error.upstream !== undefined && mayNextKeyHelp(error.upstream);

/** The right to make the call now, with a key that it was not made with; undefined where it needs none. */
export async function takeTurn(
  { call: { chat, request }, waitMs, usedKeys }: WaitingCall,
  signal: AbortSignal,
): Promise<Turn | TurnRefusal | AiFailure | undefined> {
  let turn: Turn | TurnRefusal | undefined;
  try {
    turn = await chat.begin?.({ waitMs, signal });
  } catch (cause) {
    return new AiFailure('cancelled', `Ask model "${request.model}": cancelled`, { cause, upstream: 'not-asked' });
  }
  if (!turn || 'reason' in turn || !usedKeys.includes(turn.key.id)) return turn;
  turn.end({ outcome: 'abandoned' });
  return { reason: 'resting', retryAfterMs: 0 };
}

/** Why no call was made. */
export function notAsked(calls: readonly ChatCall[], refusal: TurnRefusal | undefined): AiFailure {
  const models = calls.map(({ request }) => `"${request.model}"`).join(', ');
  const why = `none may be asked now, ${refusal?.reason ?? 'none is there'}`;
  return new AiFailure('unreachable', `Ask ${models}: ${why}`, { upstream: 'not-asked' });
}
