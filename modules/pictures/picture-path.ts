import type { PictureVariant } from './contract.ts';

/** Where clients read a picture; see `functions/images`. */
export const picturePath = (id: string, index: number, variant: PictureVariant): string =>
  `/api/images/${id}/pictures/${index}/${variant}`;
