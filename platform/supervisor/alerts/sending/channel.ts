import type { AlertMessage } from '../state/alert-file.ts';

export const channelNames = ['email', 'telegram', 'webhook'] as const;
export type ChannelName = (typeof channelNames)[number];

/** A way to the operator. */
export interface Channel {
  name: ChannelName;
  /** Resolves when the other side has taken the message. @throws ChannelFailure */
  send(message: AlertMessage, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** Its message holds no address and no secret, so that it may be logged and shown. */
export class ChannelFailure extends Error {
  override readonly name = 'ChannelFailure';
  /** The other side wants to be left alone for so long. */
  readonly retryAfterSeconds: number;
  /** Some have the message: later ones need not wait for the others. */
  readonly isPartial: boolean;
  constructor(message: string, { retryAfterSeconds = 0, isPartial = false } = {}) {
    super(message);
    this.retryAfterSeconds = retryAfterSeconds;
    this.isPartial = isPartial;
  }
}

/** Why a request had no answer, in a word: the error itself may hold the address. */
export function breakOf(error: unknown): string {
  const { name = 'Error', cause } = error as Error & { cause?: { code?: unknown } };
  const code = (error as { code?: unknown }).code ?? cause?.code;
  if (code === 'NOT_ALLOWED') return 'its host is not in OUTBOUND_WHITELIST';
  if (name === 'TimeoutError') return 'no answer in time';
  return typeof code === 'string' ? code : name;
}
