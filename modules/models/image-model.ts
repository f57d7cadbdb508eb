/** A picture that a provider made, as it names it. */
interface PictureReference {
  id: string;
}

interface ImageTask {
  /** Model name at the provider. */
  model: string;
  prompt: string;
  width: number;
  height: number;
  /** Pictures wanted. */
  count: number;
  seed?: number;
}

type ImageProgress =
  | { state: 'waiting' }
  | { state: 'running' /** From 0 to 1. */; share: number }
  | { state: 'done'; pictures: readonly PictureReference[] }
  | { state: 'failed' };

/** A provider that makes pictures, which takes minutes: a task is submitted, looked at, and its pictures fetched. @public */
export interface ImageModel {
  /** @returns the provider's reference, to be stored before anything else. @throws AiFailure */
  submit(task: ImageTask, options: { signal?: AbortSignal }): Promise<string>;
  /** @throws AiFailure */
  look(reference: string): Promise<ImageProgress>;
  /** Does nothing to a task that ended. @throws AiFailure */
  cancel(reference: string): Promise<void>;
  /** The bytes, which are a stranger's. @throws AiFailure */
  fetch(picture: PictureReference, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
}
