import type { Generation } from './contract.ts';
import type { AskedPictures } from './generations/index.ts';

/** Whether a generation, which an earlier request with the same `Idempotency-Key` may have made, is what is asked for now. */
export const isSameRequest = (made: Generation, asked: AskedPictures): boolean =>
  Object.entries(asked).every(([name, value]) => value === undefined || made[name as keyof AskedPictures] === value);

/** A client's `Idempotency-Key` as that of a request for images: with the same key it may have asked for something else elsewhere. */
export const keyOfImages = (key: string | undefined): string | undefined => key && `images ${key}`;
