import { type Language, Problem } from '../../../platform/kernel/problem.ts';
import { notAPicture, pictureDimensions, pictureTooLarge, tooManyPixels } from '../problems.ts';
import { detectType } from './header/detect-type.ts';
import { DamagedPicture, type PictureHeader, type PictureType } from './header/header.ts';
import { readJpegDimensions, readJpegStructure } from './header/read-jpeg-header.ts';
import { readPngDimensions, readPngStructure } from './header/read-png-header.ts';
import { readWebpDimensions, readWebpStructure } from './header/read-webp-header.ts';
import type { CheckedPicture } from './picture-message.ts';

export const MAX_PICTURE_BYTES = 20 * 1024 * 1024;
export const MAX_PICTURE_PIXELS = 4096 * 4096;
const LEAST_SIDE_PIXELS = 16;
const MOST_SIDE_PIXELS = 10_000;
const MOST_RATIO = 20;

const readers: Record<
  PictureType,
  {
    dimensions(content: Buffer): Pick<PictureHeader, 'width' | 'height'>;
    structure(content: Buffer): Pick<PictureHeader, 'isAnimated' | 'end'>;
  }
> = {
  jpeg: { dimensions: readJpegDimensions, structure: readJpegStructure },
  png: { dimensions: readPngDimensions, structure: readPngStructure },
  webp: { dimensions: readWebpDimensions, structure: readWebpStructure },
};

/** Why something is no picture, in words that end the detail of `not-a-picture`. */
const reasons = {
  unknown: { en: 'this is another type of file', ru: 'это файл другого типа' },
  svg: { en: 'this is an SVG', ru: 'это SVG' },
  gif: { en: 'this is a GIF', ru: 'это GIF' },
  heif: { en: 'this is an AVIF, HEIC or video', ru: 'это AVIF, HEIC или видео' },
  animated: { en: 'this one is animated', ru: 'это изображение анимировано' },
  damaged: { en: 'this one is damaged or incomplete', ru: 'это изображение повреждено или неполно' },
  'more-than-picture': { en: 'this file holds more than one picture', ru: 'в этом файле не только изображение' },
  'too-complex': { en: 'this one takes too long to decode', ru: 'это изображение декодируется слишком долго' },
} satisfies Record<string, Record<Language, string>>;

export const notAPictureBecause = (reason: keyof typeof reasons, cause?: unknown): Problem =>
  new Problem(notAPicture, { parameters: { reason: reasons[reason] }, cause });

export const tooManyPixelsIn = ({ width, height }: Pick<CheckedPicture, 'width' | 'height'>, cause?: unknown) =>
  new Problem(tooManyPixels, {
    parameters: { limit: Math.round(MAX_PICTURE_PIXELS / 1e5) / 10, width, height },
    cause,
  });

/**
 * Checks what can be known of a picture without decoding it: bytes, type, dimensions, one still picture, nothing behind it.
 * @throws Problem picture-too-large, not-a-picture, too-many-pixels, picture-dimensions
 */
export function checkPicture(content: Buffer): CheckedPicture {
  if (content.length > MAX_PICTURE_BYTES) {
    throw new Problem(pictureTooLarge, { parameters: { limit: MAX_PICTURE_BYTES / 1024 / 1024 } });
  }
  try {
    const { type, width, height } = readHeader(content);
    requireDimensions(width, height);
    const { isAnimated, end } = readers[type].structure(content);
    if (isAnimated) throw notAPictureBecause('animated');
    if (content.subarray(end).some((byte) => byte !== 0)) throw notAPictureBecause('more-than-picture');
    return { type, width, height };
  } catch (error) {
    throw error instanceof DamagedPicture ? notAPictureBecause('damaged', error) : error;
  }
}

/** @throws Problem not-a-picture, DamagedPicture */
export function readHeader(content: Buffer): CheckedPicture {
  const type = detectType(content);
  if (type === undefined) throw notAPictureBecause('unknown');
  if (type === 'gif' || type === 'heif' || type === 'svg') throw notAPictureBecause(type);
  return { type, ...readers[type].dimensions(content) };
}

function requireDimensions(width: number, height: number): void {
  if (width * height > MAX_PICTURE_PIXELS) throw tooManyPixelsIn({ width, height });
  const [shorter, longer] = width < height ? [width, height] : [height, width];
  if (shorter < LEAST_SIDE_PIXELS || longer > MOST_SIDE_PIXELS || longer / shorter > MOST_RATIO) {
    const limits = { least: LEAST_SIDE_PIXELS, most: MOST_SIDE_PIXELS, ratio: MOST_RATIO };
    throw new Problem(pictureDimensions, { parameters: { ...limits, width, height } });
  }
}
