import { Readable } from 'node:stream';
import type { Watched } from '../wheel.ts';

/** A comment, which every reader of events skips. No blank line follows it, as that could dispatch an empty event. */
const SIGN_OF_LIFE = ': keep-alive\n';

export interface AnswerTimes {
  /** Silence after which an answer begins with a sign of life. */
  commitMs: number;
  /** Between two signs of life. */
  keepAliveMs: number;
}

/**
 * What a caller reads of a stream. It begins with the first content of an attempt, or after a silence, from when on signs of life are
 * sent. Only whole events are put into it.
 */
export class AnswerStream extends Readable implements Watched {
  /** Resolves when it begins. */
  readonly begun: Promise<void>;
  hasBegun = false;
  /** What was put last. */
  last: Buffer | undefined;
  readonly #begin: () => void;
  readonly #leave: () => void;
  readonly #times: AnswerTimes | undefined;
  #lastAt = performance.now();
  #onRoom: (() => void) | undefined;

  /**
   * @param leave is called when the reader destroys the stream before its end
   * @param times none for answers that are not events
   */
  constructor(leave: () => void, times?: AnswerTimes) {
    super();
    this.#leave = leave;
    this.#times = times;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.begun = promise;
    this.#begin = resolve;
  }

  /** False when there is no room for more until `onRoom` is called. */
  put(bytes: Buffer, onRoom: () => void): boolean {
    this.#start();
    this.#lastAt = performance.now();
    this.last = bytes;
    if (this.destroyed || this.push(bytes)) return true;
    this.#onRoom = onRoom;
    return false;
  }

  /** Ends the stream, after a last event if there is one. */
  finish(last = ''): void {
    this.#start();
    if (last !== '') this.push(last);
    this.push(null);
  }

  tick(now: number): void {
    if (!this.#times) return;
    const { commitMs, keepAliveMs } = this.#times;
    if (now - this.#lastAt < (this.hasBegun ? keepAliveMs : commitMs) || this.readableLength > 0) return;
    this.#start();
    this.#lastAt = now;
    this.push(SIGN_OF_LIFE);
  }

  override _read(): void {
    const onRoom = this.#onRoom;
    this.#onRoom = undefined;
    onRoom?.();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (!this.readableEnded) this.#leave();
    done(error);
  }

  #start(): void {
    if (this.hasBegun) return;
    this.hasBegun = true;
    this.#begin();
  }
}
