import type { Log } from '../../../kernel/log.ts';
import { ChannelFailure } from '../sending/channel.ts';
import type { Channels } from '../sending/open-channels.ts';
import type { ChannelState } from '../state/alert-file.ts';
import type { Clock } from './clock.ts';

const EVERY_MS = 60_000;

/** Tells ALERT_HEARTBEAT_URL that alerts work, so that their silence is noticed elsewhere. */
export interface Heartbeat {
  readonly state: ChannelState;
  /** Begins to send when a minute has passed; forgets the state where there is nothing to ask. */
  sendIfDue(beat: Channels['beat'], isReadable: boolean): void;
  /** @returns why it was not taken */
  send(beat: NonNullable<Channels['beat']>): Promise<string | undefined>;
  idle(): Promise<void>;
  stop(): Promise<void>;
}

export function createHeartbeat(clock: Clock, log: Pick<Log, 'warn'>): Heartbeat {
  const ending = new AbortController();
  let state: ChannelState = {};
  let sentAtMs = Number.NEGATIVE_INFINITY;
  let current: Promise<unknown> = Promise.resolve();
  const now = () => new Date(clock.wall()).toISOString();

  async function send(beat: NonNullable<Channels['beat']>): Promise<string | undefined> {
    try {
      await beat(ending.signal);
      state = { sentAt: now() };
    } catch (error) {
      if (ending.signal.aborted) return undefined;
      const message =
        error instanceof ChannelFailure ? error.message : `Ask ALERT_HEARTBEAT_URL: ${(error as Error).name}`;
      const { at = now(), attempts = 0 } = state.failure ?? {};
      if (attempts === 0) log.warn({ reason: message }, 'Alerts: the heartbeat was not taken');
      state = { ...state, failure: { at, message, attempts: attempts + 1 } };
    }
    return state.failure?.message;
  }

  return {
    get state() {
      return state;
    },
    sendIfDue(beat, isReadable) {
      if (!beat) state = {};
      // While the figures cannot be read, the silence speaks.
      if (!beat || !isReadable || clock.steady() - sentAtMs < EVERY_MS) return;
      sentAtMs = clock.steady();
      current = send(beat);
    },
    send,
    idle: async () => void (await current),
    async stop() {
      ending.abort();
      await current;
    },
  };
}
