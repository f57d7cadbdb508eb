import type { Position } from '../../../db/newest-first.ts';
import type { Caller } from '../../../platform/runtime/http/caller.ts';
import type { Generation, GenerationState, PictureFile, PictureVariant } from '../contract.ts';

/** What a person asks for; what is missing is the model's own, the seed by chance. */
export interface AskedPictures {
  model?: string | undefined;
  prompt: string;
  /** Pixels. */
  width?: number | undefined;
  height?: number | undefined;
  count?: number | undefined;
  /** From 0 below 2^31. */
  seed?: number | undefined;
}

/**
 * Who asks: an account, or, without one, the owner of a wallet; `userId` then names who answers for it and sees nothing of it.
 */
export type Asker = Pick<Caller, 'organizationId' | 'userId' | 'keyId'> & { walletId?: string };

/** Generations as the people see them who ask for them: each sees their own. */
export interface Generations {
  /**
   * Reserves units, stores the generation and sends its job, in one transaction.
   * @param requestId see `requestIdOf`; the same one gives the same generation
   * @throws Problem no-units, too-many-at-once, size-not-offered with the offers, count-not-offered, model-not-offered,
   *   prompt-too-long, refused-too-often, organization-suspended
   */
  create(asker: Asker, asked: AskedPictures, requestId: string): Promise<Generation>;
  /** The newest first. */
  list(
    asker: Asker,
    query: { status?: GenerationState | undefined; after?: Position | undefined; limit: number },
  ): Promise<{ items: Generation[]; next?: Position }>;
  /** @throws Problem not-found */
  read(asker: Asker, id: string): Promise<Generation>;
  /**
   * Cancels at once what no worker has; else asks for it, and the generation ends as `cancelled`, or as `done` when its pictures came
   * first. One that has ended stays as it is.
   * @throws Problem not-found
   */
  cancel(asker: Asker, id: string): Promise<Generation>;
  /** Removes one that has ended, with its files. @throws Problem not-found, image-in-progress */
  remove(asker: Asker, id: string): Promise<void>;
  /** @throws Problem not-found */
  file(asker: Asker, id: string, index: number, variant: PictureVariant): Promise<PictureFile>;
  /**
   * A provider says that a task has ended. What came of it is looked up at the provider, never taken from the callback.
   * @param token of the address that the provider was given
   * @throws Problem not-found for a callback that is forged or meant for nothing
   */
  heard(provider: string, generationId: string, token: string, headers: Headers, body: Buffer): Promise<void>;
}
