import { constants, setPriority } from 'node:os';
import sharp, { type JpegOptions, type OutputInfo, type Sharp } from 'sharp';
import { endWithParent } from '../../../platform/capabilities/disposable/end-with-parent.ts';
import { isBlank } from './is-blank.ts';
import type { PictureAnswer, PictureOrder, WrittenPicture } from './picture-message.ts';

/*
 * The disposable process that decodes one picture, started by `inspect-picture.ts` with a PictureOrder as its argument. The picture
 * comes in by its input, the pictures made of it leave by its output, and an answer over IPC says what they are. Bytes of a
 * stranger are decoded once: all variants are made of what came of that. Metadata are never copied.
 */

const DISPLAY_PIXELS = 1280;
const THUMB_PIXELS = 320;
/** Whole tables of coefficients are never held: they take six bytes a pixel. */
const jpegOptions = { chromaSubsampling: '4:4:4', optimiseCoding: false } satisfies JpegOptions;

const order = JSON.parse(process.argv[2] ?? '') as PictureOrder;
endWithParent(order.timeoutMs + 5000);
// Requests come first.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
sharp.cache(false);
sharp.concurrency(1);
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer', 'VipsForeignLoadWebpBuffer'],
});

const files: WrittenPicture[] = [];
try {
  const picture = await openPicture();
  const isEmpty = order.work === 'jpeg' ? await makeJpeg(picture) : await makeVariants(picture);
  const peakMb = Math.ceil(process.resourceUsage().maxRSS / 1024);
  await answer({ type: 'made', isBlank: isEmpty, files, peakMb });
} catch {
  // Messages of libraries may quote the picture.
  await answer({ type: 'damaged' });
}
end();

/** The stranger's picture, upright and in sRGB. @throws when it is not what its header says */
async function openPicture(): Promise<Sharp> {
  const content = Buffer.allocUnsafeSlow(order.bytes);
  let filled = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) filled += chunk.copy(content, filled);
  const picture = sharp(content, { failOn: 'error', limitInputPixels: order.width * order.height });
  const { format, width, height, pages = 1 } = await picture.metadata();
  if (format !== order.type || width !== order.width || height !== order.height || pages > 1) {
    throw new Error('Decode picture: not what its header says');
  }
  return picture.autoOrient().toColourspace('srgb');
}

/** @returns whether it is blank */
async function makeVariants(picture: Sharp): Promise<boolean> {
  const written = order.type === 'jpeg' ? picture.jpeg({ ...jpegOptions, quality: 95 }) : picture.png();
  const original = await give('original', order.type === 'jpeg' ? 'image/jpeg' : 'image/png', written);
  const size = { width: DISPLAY_PIXELS, height: DISPLAY_PIXELS };
  const { data, info } = await sharp(original)
    .resize({ ...size, fit: 'inside', withoutEnlargement: true })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const display = () => sharp(data, { raw: info as OutputInfo & { channels: 1 | 2 | 3 | 4 } });
  await give('display', 'image/webp', display().webp({ quality: 82 }));
  const thumb = display().resize({ width: THUMB_PIXELS, height: THUMB_PIXELS, fit: 'cover' });
  await give('thumb', 'image/webp', thumb.webp({ quality: 70 }));
  return isBlank(await display().stats(), info.channels % 2 === 0);
}

/** Parts that are transparent become white. */
async function makeJpeg(picture: Sharp): Promise<boolean> {
  const flat = picture.flatten({ background: '#ffffff' });
  const written = await give('original', 'image/jpeg', flat.jpeg({ ...jpegOptions, quality: 90 }));
  return isBlank(await sharp(written).stats(), false);
}

/** Writes a picture to the output. @returns its bytes */
async function give(variant: WrittenPicture['variant'], type: WrittenPicture['type'], picture: Sharp): Promise<Buffer> {
  const { data, info } = await picture.toBuffer({ resolveWithObject: true });
  files.push({ variant, type, width: info.width, height: info.height, bytes: data.length });
  await new Promise<void>((resolve) => process.stdout.write(data, (error) => (error ? end() : resolve())));
  return data;
}

/** Resolves when the message is on its way; without a parent there is nothing left to do. */
function answer(message: PictureAnswer): Promise<void> {
  return new Promise((resolve) => {
    process.send?.(message, (error: Error | null) => (error === null ? resolve() : end()));
  });
}

/** Ends at once, whatever the threads of libraries still do. */
function end(): never {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('Decode picture: the process continues after SIGKILL');
}
