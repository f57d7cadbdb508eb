import type { PictureFile, PictureVariant } from '../contract.ts';
import type { PictureHeader, PictureType } from './header/header.ts';

/** A picture whose header is in order; nothing of it was decoded. */
export interface CheckedPicture extends Pick<PictureHeader, 'width' | 'height'> {
  type: PictureType;
}

/** What the process is to make of a picture: all variants that are stored, or a JPEG for where nothing else is taken. */
export type PictureWork = 'variants' | 'jpeg';

/** What the parent tells the process, as its one argument in JSON; the bytes of the picture are its input. */
export interface PictureOrder extends CheckedPicture {
  work: PictureWork;
  bytes: number;
  /** The process ends itself after so long, should its parent be gone by then. */
  timeoutMs: number;
}

/** A picture that was written again; its bytes stand in the process's output, one picture after the other. */
export interface WrittenPicture {
  variant: PictureVariant;
  type: PictureFile['type'];
  width: number;
  height: number;
  bytes: number;
}

/** What the process answers at its end. */
export type PictureAnswer =
  | { type: 'made'; isBlank: boolean; files: WrittenPicture[]; peakMb: number }
  /** The picture could not be decoded, or is not what its header says. */
  | { type: 'damaged' };
