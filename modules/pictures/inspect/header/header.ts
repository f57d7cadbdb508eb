/** Types that are decoded; all others are refused by their first bytes. */
export type PictureType = 'jpeg' | 'png' | 'webp';

/** What a picture says of itself before anything of it is decoded. */
export interface PictureHeader {
  /** As stored, before orientation. */
  width: number;
  height: number;
  isAnimated: boolean;
  /** Where the picture ends in the file: behind it there should be nothing. */
  end: number;
}

/** The structure is broken, or ends too early. */
export class DamagedPicture extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DamagedPicture';
  }
}
