/** A picture that a provider made: an address at a host of the provider, or the bytes themselves. */
export type PictureReference = { url: string } | { base64: string };

export interface ImageTask {
  /** Model name at the provider. */
  model: string;
  prompt: string;
  width: number;
  height: number;
  /** Pictures wanted. */
  count: number;
  seed: number;
}

/** Why there is no picture, as callers are told. */
export type ImageFailureReason =
  | 'no-picture'
  | 'timed-out'
  | 'provider-down'
  | 'provider-refused-settings'
  | 'too-large'
  | 'not-a-picture';

/** How a task ended at its provider. */
export type ImageOutcome =
  | { outcome: 'made'; pictures: readonly MadePicture[]; seed?: number }
  /** The provider or its rules refused the prompt or the pictures. */
  | { outcome: 'refused'; maybeCharged: boolean }
  | { outcome: 'failed'; reason: ImageFailureReason; maybeCharged: boolean }
  | { outcome: 'cancelled' }
  /** The provider no longer knows the task, or its pictures. */
  | { outcome: 'gone' };

export interface MadePicture {
  picture: PictureReference;
  /** The provider says that it is not to be shown. */
  flagged: boolean;
}

export type ImageProgress =
  | { state: 'queued' /** Tasks before it, where the provider says it. */; position?: number }
  | { state: 'running' /** From 0 to 1, where the provider says it. */; share?: number }
  | ({ state: 'finished' } & ImageOutcome);

/** Surely nothing was begun: no connection, or a refusal in words. */
export class NotAccepted extends Error {
  /** Whether the same task may be accepted later. */
  readonly retryable: boolean;
  /** How it ends where it may not. */
  readonly end: Extract<ImageOutcome, { outcome: 'refused' | 'failed' }>;
  /** The provider's own wait, where it names one. */
  readonly retryAfterMs: number | undefined;
  constructor(
    message: string,
    how: { retryable: boolean; end: NotAccepted['end']; retryAfterMs?: number | undefined; cause?: unknown },
  ) {
    super(message, { cause: how.cause });
    this.name = 'NotAccepted';
    this.retryable = how.retryable;
    this.end = how.end;
    this.retryAfterMs = how.retryAfterMs;
  }
}

/** The request went out and no answer that says what came of it. It is never submitted again. */
export class UncertainSubmit extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UncertainSubmit';
  }
}

/** A provider that makes pictures, which takes minutes: a task is submitted once, looked at, and its pictures fetched. */
export interface ImageModel {
  /**
   * Sends a task once, never twice by itself.
   * @param options.callbackUrl where the provider may say that it has ended
   * @returns the provider's reference, to be stored before anything else; or the end, where the provider answers with it
   * @throws NotAccepted, UncertainSubmit
   */
  submit(
    task: ImageTask,
    options: { callbackUrl?: string | undefined; signal: AbortSignal },
  ): Promise<{ reference: string } | ImageOutcome>;
  /** May be repeated. @throws AiFailure when the provider cannot be asked now */
  look(reference: string, signal: AbortSignal): Promise<ImageProgress>;
  /** `asked` when it may still finish. @throws AiFailure */
  cancel(reference: string, signal: AbortSignal): Promise<'cancelled' | 'asked' | 'too-late'>;
  /**
   * The bytes, which are a stranger's, from hosts of the provider alone.
   * @throws ImageGone, AiFailure, RangeError beyond `maxBytes`
   */
  fetch(picture: PictureReference, options: { maxBytes: number; signal: AbortSignal }): Promise<Buffer>;
  /**
   * Reads a callback; undefined for one that its provider did not send.
   * @param body as it came
   * @param model that of the task, which the provider does not repeat
   */
  readCallback?(
    headers: Headers,
    body: Buffer,
    model: string,
  ): Promise<{ reference: string; deliveryKey: string } | undefined>;
}

/** The provider keeps the picture no longer. */
export class ImageGone extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ImageGone';
  }
}
