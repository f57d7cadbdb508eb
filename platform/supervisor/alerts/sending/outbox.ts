import type { Log } from '../../../kernel/log.ts';
import type { AlertMessage, ChannelState, Waiting } from '../state/alert-file.ts';
import { type Channel, ChannelFailure } from './channel.ts';

/** Messages on their way, each to every channel by itself: one that fails holds up no other. Times are in milliseconds of one clock. */
export interface Outbox {
  /** Has the message sent by all of these. */
  add(message: AlertMessage, channels: readonly Channel[]): void;
  /** Sends what is due, in order; does not wait for it. Messages of channels that are gone are dropped. */
  work(channels: readonly Channel[]): void;
  /** Sends a message now, whatever waits. @returns why it failed, or undefined */
  sendNow(message: AlertMessage, channel: Channel): Promise<string | undefined>;
  /** Resolves when nothing is being sent. */
  idle(): Promise<void>;
  readonly waiting: readonly Waiting[];
  readonly states: Readonly<Record<string, ChannelState>>;
  /** Breaks off what is being sent; it stays in the outbox. */
  stop(): Promise<void>;
}

interface OutboxOptions {
  waiting: readonly Waiting[];
  states: Readonly<Record<string, ChannelState>>;
  now(): number;
  /** The calendar's. */
  wall(): Date;
  log: Pick<Log, 'warn' | 'info'>;
}

const SECOND_MS = 1_000;
const RETRY_MS = [30, 60, 120, 300, 600, 1_800].map((seconds) => seconds * SECOND_MS);
/** What is older helps no one. */
const LIFE_MS = 24 * 3_600 * SECOND_MS;
const MOST_WAITING = 50;

export function createOutbox({ waiting: before, states: former, now, wall, log }: OutboxOptions): Outbox {
  const longest = RETRY_MS.at(-1) as number;
  // The clock may have been another one when they were written.
  let waiting = before.map((one) => ({ ...one, nextAt: Math.min(one.nextAt, now() + longest) }));
  const states: Record<string, ChannelState> = { ...former };
  /** Some have them, others are tried again: these hold up nothing behind them. */
  const partial = new WeakSet<Waiting>();
  const busy = new Map<string, Promise<void>>();
  const ending = new AbortController();

  const attempt = async (message: AlertMessage, channel: Channel): Promise<ChannelFailure | undefined> => {
    const { name } = channel;
    try {
      await channel.send(message, ending.signal);
      if (states[name]?.failure) log.info({ channel: name }, 'Alerts: the channel takes messages again');
      states[name] = { sentAt: wall().toISOString() };
      return undefined;
    } catch (error) {
      const failure =
        error instanceof ChannelFailure ? error : new ChannelFailure(`Send alerts: ${(error as Error).name}`);
      if (ending.signal.aborted) return failure;
      const attempts = (states[name]?.failure?.attempts ?? 0) + 1;
      const at = states[name]?.failure?.at ?? wall().toISOString();
      states[name] = { ...states[name], failure: { at, message: failure.message, attempts } };
      log.warn(
        { channel: name, reason: failure.message, attempts },
        'Alerts: a message was not taken; it is tried again',
      );
      return failure;
    }
  };

  const drain = async (channel: Channel) => {
    for (;;) {
      const next = waiting.find((one) => one.channel === channel.name && (one.nextAt <= now() || !partial.has(one)));
      if (!next || next.nextAt > now() || ending.signal.aborted) return;
      const failure = await attempt(next.message, channel);
      if (ending.signal.aborted) return;
      if (failure === undefined) {
        waiting = waiting.filter((one) => one !== next);
        continue;
      }
      next.attempts++;
      const wait = Math.max(RETRY_MS[next.attempts - 1] ?? longest, failure.retryAfterSeconds * SECOND_MS);
      next.nextAt = now() + wait;
      if (!failure.isPartial) return;
      partial.add(next);
    }
  };

  return {
    add(message, channels) {
      for (const { name } of channels) {
        const own = waiting.filter((one) => one.channel === name);
        if (own.length >= MOST_WAITING) waiting = waiting.filter((one) => one !== own[0]);
        // Those before it are told first.
        waiting = [...waiting, { message, channel: name, attempts: 0, nextAt: now() }];
      }
    },
    work(channels) {
      const names = new Set<string>(channels.map(({ name }) => name));
      const oldest = wall().getTime() - LIFE_MS;
      waiting = waiting.filter((one) => names.has(one.channel) && new Date(one.message.at).getTime() > oldest);
      for (const name of Object.keys(states)) if (!names.has(name) && name !== 'heartbeat') delete states[name];
      for (const channel of channels) {
        if (busy.has(channel.name)) continue;
        busy.set(
          channel.name,
          drain(channel).finally(() => busy.delete(channel.name)),
        );
      }
    },
    sendNow: async (message, channel) => (await attempt(message, channel))?.message,
    async idle() {
      await Promise.all(busy.values());
    },
    get waiting() {
      return waiting;
    },
    get states() {
      return states;
    },
    async stop() {
      ending.abort();
      await Promise.all(busy.values());
    },
  };
}
