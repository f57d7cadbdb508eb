import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { drawColour, drawGradient, makePng, pngChunk, withChunk } from '../fixtures/make-pictures.ts';
import { checkPicture, MAX_PICTURE_BYTES } from './check-picture.ts';

const problem = (type: string, parameters: object = {}) =>
  expect.objectContaining({ name: 'Problem', type, parameters: expect.objectContaining(parameters) });
const because = (en: RegExp) =>
  problem('not-a-picture', { reason: { en: expect.stringMatching(en), ru: expect.any(String) } });
const check = (content: Buffer) => () => checkPicture(content);
const text = (content: string) => Buffer.from(content);

const png = await drawGradient(40, 30).png().toBuffer();
const jpeg = await drawGradient(40, 30).jpeg().toBuffer();
const webp = await drawGradient(40, 30).webp().toBuffer();
const extendedWebp = await drawGradient(40, 30, 4).withMetadata({ orientation: 6 }).webp().toBuffer();
const progressiveJpeg = await drawGradient(300, 200).jpeg({ progressive: true }).toBuffer();
const others = {
  gif: await drawGradient(40, 30).gif().toBuffer(),
  avif: await drawGradient(40, 30).avif().toBuffer(),
  tiff: await drawGradient(40, 30).tiff().toBuffer(),
};
const end = pngChunk('IEND');

describe('a picture', () => {
  it.each([
    ['png', () => drawGradient(40, 30).png()],
    ['png', () => drawGradient(40, 30).png({ progressive: true, palette: true })],
    ['jpeg', () => drawGradient(40, 30).jpeg()],
    ['jpeg', () => drawGradient(40, 30).jpeg({ progressive: true })],
    ['jpeg', () => drawGradient(40, 30).withMetadata({ orientation: 6 }).jpeg()],
    ['webp', () => drawGradient(40, 30).webp()],
    ['webp', () => drawGradient(40, 30).webp({ lossless: true })],
    ['webp', () => drawGradient(40, 30, 4).withMetadata({ orientation: 6 }).webp()],
  ])('is known by its own bytes and header: %s', async (type, draw) => {
    expect(checkPicture(await draw().toBuffer())).toEqual({ type, width: 40, height: 30 });
  });

  it('may be padded with zeros', () => {
    for (const picture of [png, jpeg]) expect(checkPicture(Buffer.concat([picture, Buffer.alloc(3)]))).toBeDefined();
  });
});

describe('what is refused without decoding', () => {
  it('has too many bytes', () => {
    const large = Buffer.concat([png, Buffer.alloc(MAX_PICTURE_BYTES)]);
    expect(check(large)).toThrow(problem('picture-too-large', { limit: 20 }));
  });

  it.each([
    ['100,000 × 100,000 in 50 bytes', 100_000, 100_000],
    ['one pixel row more than allowed', 4096, 4097],
    ['as many as a header can say', 0xffff_ffff, 0xffff_ffff],
  ])('has too many pixels: %s (case 39)', (_, width, height) => {
    const bomb = makePng(width, height, pngChunk('IDAT')).subarray(0, 50);
    expect(check(bomb)).toThrow(problem('too-many-pixels', { limit: 16.8, width, height }));
  });

  it.each([
    ['a side of 15', 15, 15],
    ['a side of 0', 0, 100],
    ['a side above 10,000', 10_001, 600],
    ['sides further apart than 20 to 1', 16, 321],
  ])('has dimensions that nothing shows: %s', (_, width, height) => {
    for (const [w, h] of [
      [width, height],
      [height, width],
    ] as const) {
      expect(check(makePng(w, h, end))).toThrow(
        problem('picture-dimensions', { width: w, height: h, least: 16, most: 10_000, ratio: 20 }),
      );
    }
  });

  it.each([
    ['the longest side', 10_000, 500],
    ['the most pixels', 4096, 4096],
    ['the smallest', 16, 16],
    ['the widest', 320, 16],
  ])('is not what is just within the limits: %s', (_, width, height) => {
    expect(checkPicture(makePng(width, height, end))).toMatchObject({ width, height });
  });

  it.each([
    ['an SVG', text('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'), /SVG/],
    ['an SVG behind a declaration', text('\uFEFF <?xml version="1.0"?>\n<!-- a > b -->\n<svg width="9"/>'), /SVG/],
    ['a GIF', others.gif, /GIF/],
    ['an AVIF', others.avif, /AVIF/],
    ['a TIFF', others.tiff, /another type/],
    ['a page', text('<!doctype html><p>An SVG is not here'), /another type/],
    ['a sound', text('RIFF\0\0\0\0WAVEfmt '), /another type/],
    ['nothing', Buffer.alloc(0), /another type/],
  ])('is of another type: %s', (_, content, reason) => {
    expect(check(content)).toThrow(because(reason));
  });

  it.each([
    ['a page behind a PNG', png, '<script>alert(1)</script>'],
    ['an archive behind a JPEG', jpeg, 'PK\x03\x04archive'],
    ['a PNG behind a JPEG', jpeg, png],
    ['a program behind a WebP', webp, '<?php system($_GET[0]);'],
  ])('is two things at once: %s', (_, picture, other) => {
    expect(check(Buffer.concat([picture, Buffer.from(other)]))).toThrow(because(/more than one/));
  });

  it('is animated', async () => {
    const frames = await Promise.all(['red', 'blue'].map((colour) => drawColour(colour).png().toBuffer()));
    const animation = await sharp(frames, { join: { animated: true } })
      .webp()
      .toBuffer();
    expect(check(animation)).toThrow(because(/animated/));
    const control = pngChunk('acTL', Buffer.from([0, 0, 0, 2, 0, 0, 0, 0]));
    expect(check(makePng(32, 32, control, pngChunk('IDAT', deflateSync(Buffer.alloc(97 * 32))), end))).toThrow(
      because(/animated/),
    );
  });

  it.each([
    ['PNG', png],
    ['JPEG', jpeg],
    ['progressive JPEG', progressiveJpeg],
    ['WebP', webp],
    ['extended WebP', extendedWebp],
  ])('ends too early, wherever it is cut: %s', (_, picture) => {
    for (let length = 0; length < picture.length; length += 1) {
      expect(check(picture.subarray(0, length)), `${length} bytes`).toThrow(because(/damaged|another type/));
    }
  });

  it('has no size where one must stand', () => {
    const noFrame = Buffer.from('ffd8ffe000040000ffd9', 'hex');
    expect(check(noFrame)).toThrow(because(/damaged/));
    expect(check(withChunk(png, pngChunk('tEXt', 'a\0b')).fill(0, 8, 12))).toThrow(because(/damaged/));
    expect(check(Buffer.concat([text('RIFF\x0e\0\0\0WEBPJUNK'), Buffer.alloc(20)]))).toThrow(because(/damaged/));
  });
});
