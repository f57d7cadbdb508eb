import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { childrenRunning, killChildren } from '../../../platform/testing/kill-children.ts';
import { drawColour, drawGradient, drawNoise, makePng, pngChunk, withChunk } from '../fixtures/make-pictures.ts';
import { releasedProcess } from '../fixtures/picture-release.ts';
import { createPictureInspector } from './inspect-picture.ts';
import type { PictureFigures } from './run-picture-process.ts';

const PROGRAM = 'pictures/picture-process.js';
const released = await releasedProcess();
const inspector = createPictureInspector(released);
const problem = (type: string) => expect.objectContaining({ name: 'Problem', type });
/** Programs of a process that a picture has taken over. */
const misbehaviours: Record<string, string> = {
  silent: '',
  lie: `process.stdout.write('<script>', () => process.send({
    type: 'made', isBlank: false, peakMb: 1,
    files: ['original', 'display', 'thumb'].map((variant, index) =>
      ({ variant, type: 'image/png', width: 9, height: 9, bytes: index ? 0 : 8 })),
  }, () => process.exit()))`,
};
const inspect = (content: Buffer) => inspector.inspect(content);

afterEach(() => expect.poll(() => childrenRunning(PROGRAM)).toEqual([]));

/** The variants as they were written, with what each holds besides its pixels. */
async function variants(content: Buffer) {
  const { files, ...size } = await inspect(content);
  const read = async (file: (typeof files)[number]) => {
    const picture = sharp(file.content);
    return { ...file, picture, metadata: await picture.metadata() };
  };
  return { ...size, files: await Promise.all(files.map(read)) };
}
const written = async (content: Buffer) => (await variants(content)).files[0];
const three = ['original', 'display', 'thumb'];
const pixel = async (picture: Sharp, x: number, y: number) => [
  ...(await picture.clone().extract({ left: x, top: y, width: 1, height: 1 }).raw().toBuffer()),
];

describe('an inspected picture', () => {
  it('is written again in three sizes', async () => {
    const { files, ...rest } = await inspect(await drawGradient(2000, 1000).png().toBuffer());
    expect(rest).toEqual({ width: 2000, height: 1000, isBlank: false });
    expect(files.map(({ content: _, ...file }) => file)).toEqual([
      { variant: 'original', type: 'image/png', width: 2000, height: 1000 },
      { variant: 'display', type: 'image/webp', width: 1280, height: 640 },
      { variant: 'thumb', type: 'image/webp', width: 320, height: 320 },
    ]);
    for (const { content, type, width, height } of files) {
      const metadata = await sharp(content).metadata();
      expect([`image/${metadata.format}`, metadata.width, metadata.height]).toEqual([type, width, height]);
    }
  });

  it('keeps every pixel of a PNG, and the type of a JPEG', async () => {
    const drawn = drawGradient(60, 40, 4);
    const original = await written(await drawn.png().toBuffer());
    expect(await original?.picture.raw().toBuffer()).toEqual(await drawn.raw().toBuffer());
    expect(await written(await drawn.jpeg().toBuffer())).toMatchObject({ type: 'image/jpeg', width: 60 });
    expect(await written(await drawn.webp().toBuffer())).toMatchObject({ type: 'image/png', width: 60 });
  });

  it('is upright, and says nothing of where it was taken (case 40)', async () => {
    const photo = await drawGradient(90, 60)
      .withExif({ IFD0: { Make: 'Phone' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '59/1 56/1 0/1' } })
      .withMetadata({ orientation: 6 })
      .jpeg({ quality: 100 })
      .toBuffer();
    expect((await sharp(photo).metadata()).exif?.toString('latin1')).toContain('Phone');
    const { width, height, files } = await variants(photo);
    expect([width, height]).toEqual([60, 90]);
    expect(files.map(({ variant }) => variant)).toEqual(three);
    for (const { content, metadata, picture } of files) {
      expect(metadata).not.toHaveProperty('exif');
      expect(metadata).not.toHaveProperty('orientation');
      expect(content.toString('latin1')).not.toMatch(/Exif|Phone/);
      // What was on the left, dark in red, is on top now.
      const [top, bottom] = [await pixel(picture, 20, 2), await pixel(picture, 20, metadata.height - 3)];
      expect(top[0]).toBeLessThan(60);
      expect(bottom[0]).toBeGreaterThan(190);
    }
  });

  it('carries no prompt of its generator, nor other texts', async () => {
    const parameters = 'a secret prompt, steps: 20';
    const drawn = await drawGradient(64, 64)
      .withXmp(`<x:xmpmeta xmlns:x="adobe:ns:meta/">${parameters}</x:xmpmeta>`)
      .png()
      .toBuffer();
    const texts = [
      pngChunk('tEXt', `parameters\0${parameters}`),
      pngChunk('iTXt', `workflow\0\0\0\0\0${parameters}`),
      pngChunk('zTXt', Buffer.concat([Buffer.from('prompt\0\0'), deflateSync(parameters)])),
    ];
    const told = texts.reduce(withChunk, drawn);
    expect((await sharp(told).metadata()).comments).toHaveLength(3);
    for (const { content } of (await inspect(told)).files) {
      const { comments, xmp, exif } = await sharp(content).metadata();
      expect([comments, xmp, exif]).toEqual([undefined, undefined, undefined]);
      expect(content.toString('latin1')).not.toMatch(/secret|tEXt|iTXt|zTXt|eXIf/);
    }
  });

  it.each([
    ['CMYK JPEG', () => drawGradient(64, 64).toColourspace('cmyk').jpeg()],
    ['16-bit PNG', () => drawGradient(64, 64).toColourspace('rgb16').png()],
    ['grey PNG', () => drawGradient(64, 64).greyscale().png()],
    ['palette PNG', () => drawGradient(64, 64).png({ palette: true })],
    ['interlaced PNG', () => drawGradient(64, 64).png({ progressive: true })],
    ['PNG with the profile of another space', () => drawGradient(64, 64).withIccProfile('p3').png()],
  ])('is of eight bits in sRGB: %s', async (_, draw) => {
    const { files } = await variants(await draw().toBuffer());
    expect(files.map(({ variant }) => variant)).toEqual(three);
    for (const { metadata } of files) {
      expect(metadata).toMatchObject({ depth: 'uchar', hasProfile: false });
      expect(['srgb', 'b-w']).toContain(metadata.space);
    }
  });

  it('becomes a JPEG with white where it is transparent (case 41)', async () => {
    const clear = {
      create: { width: 64, height: 64, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
    } as const;
    const { content, ...size } = await inspector.toJpeg(await sharp(clear).png().toBuffer());
    expect(size).toEqual({ width: 64, height: 64 });
    expect((await sharp(content).metadata()).format).toBe('jpeg');
    expect(await pixel(sharp(content), 9, 9)).toEqual([255, 255, 255]);
  });
});

describe('a blank picture', () => {
  const shape = Buffer.alloc(64 * 64).fill(255, 0, 64 * 20);
  it.each([
    ['black', () => drawColour('#000').png(), true],
    ['white', () => drawColour('#fff').webp(), true],
    ['one grey as a JPEG makes it', () => drawColour('#777').jpeg({ quality: 30 }), true],
    ['nothing that can be seen', () => drawGradient(64, 64, 4).linear([1, 1, 1, 0], [0, 0, 0, 0]).png(), true],
    ['a gradient', () => drawGradient(64, 64).png(), false],
    [
      'a black shape on nothing',
      () =>
        drawColour('#000')
          .joinChannel(shape, { raw: { width: 64, height: 64, channels: 1 } })
          .png(),
      false,
    ],
  ])('is known: %s', async (_, draw, isBlank) => {
    expect(await inspect(await draw().toBuffer())).toMatchObject({ isBlank });
  });
});

describe('a hostile picture', () => {
  it.each([
    [
      'a PNG of which half is missing',
      async () => {
        const png = await drawNoise(200, 200, 255).png().toBuffer();
        return Buffer.concat([png.subarray(0, png.length / 2), pngChunk('IEND')]);
      },
    ],
    [
      'a PNG whose pixels unpack to less than it says',
      async () => makePng(500, 500, pngChunk('IDAT', deflateSync(Buffer.alloc(1000))), pngChunk('IEND')),
    ],
    [
      'a PNG of wrong checksums',
      async () => {
        const png = await drawGradient(64, 64).png().toBuffer();
        return png.fill(0, 29, 33);
      },
    ],
    ['a PNG without pixels', async () => makePng(64, 64, pngChunk('IEND'))],
    [
      'a WebP whose inner picture is larger than its canvas',
      async () => {
        const webp = await drawGradient(600, 600, 4).webp().toBuffer();
        webp.writeUIntLE(63, 24, 3);
        webp.writeUIntLE(63, 27, 3);
        return webp;
      },
    ],
  ])('is refused as damaged: %s', async (_, make) => {
    const content = await make();
    await expect(inspect(content)).rejects.toMatchObject({
      type: 'not-a-picture',
      parameters: { reason: { en: expect.stringContaining('damaged') } },
    });
  });

  it('unpacks to no more than its header says', async () => {
    const zeros = deflateSync(Buffer.alloc(64 * 1024 * 1024), { level: 9 });
    const bomb = makePng(64, 64, pngChunk('IDAT', zeros), pngChunk('IEND'));
    await expect(inspect(bomb)).resolves.toMatchObject({ isBlank: true, width: 64 });
  });

  it('does not unpack texts without end', async () => {
    const zeros = deflateSync(Buffer.alloc(256 * 1024 * 1024), { level: 9 });
    const text = pngChunk('zTXt', Buffer.concat([Buffer.from('prompt\0\0'), zeros]));
    const outcome = await inspect(withChunk(await drawGradient(64, 64).png().toBuffer(), text)).then(
      ({ width }) => width,
      (error) => error.type,
    );
    expect([64, 'not-a-picture']).toContain(outcome);
  });
});

describe('the process', () => {
  let drawn: Promise<Buffer> | undefined;
  const largest = () => (drawn ??= drawNoise(4096, 4096, 6).png().toBuffer());

  it('needs at most 220 MB for a PNG of 4096 × 4096', { timeout: 120_000 }, async () => {
    const content = await largest();
    const figures: PictureFigures[] = [];
    const measured = createPictureInspector({ ...released, onEnd: (figure) => figures.push(figure) });
    expect(await measured.inspect(content)).toMatchObject({ width: 4096, height: 4096, isBlank: false });
    expect(figures).toHaveLength(1);
    expect(figures[0]?.peakMb).toBeGreaterThan(60);
    expect(figures[0]?.peakMb).toBeLessThanOrEqual(220);
  });

  it('is ended above its memory', async () => {
    const tight = createPictureInspector({ ...released, memoryMb: 80 });
    const content = await drawGradient(4000, 4000).webp({ lossless: true, effort: 0 }).toBuffer();
    await expect(tight.inspect(content)).rejects.toEqual(problem('too-many-pixels'));
  });

  it('is ended after its time', async () => {
    // Other tests keep the machine busy.
    const hasty = createPictureInspector({ ...released, timeoutMs: 500, patienceMs: 20_000 });
    const content = await largest();
    await expect(hasty.inspect(content)).rejects.toEqual(problem('not-a-picture'));
  });

  it('is replaced when it is killed from outside', async () => {
    const content = await drawGradient(2000, 2000).png().toBuffer();
    const stop = killChildren(PROGRAM, 2);
    await expect(inspect(content).finally(stop)).resolves.toMatchObject({ width: 2000 });
    expect(stop()).toBe(2);
  });

  it.each([
    ["is not the picture's fault when it is killed again and again", 'SIGKILL', { name: 'PictureProcessKilled' }],
    ["is the picture's fault when it breaks down", 'SIGSEGV', { type: 'not-a-picture' }],
    ['is not believed when it says what it was not asked for', 'lie', { type: 'not-a-picture' }],
    ["is not the picture's fault when it says nothing", 'silent', { name: 'PictureProcessKilled' }],
  ])('%s', async (_, how, reason) => {
    const folder = await mkdtemp(join(tmpdir(), 'pandect-test-'));
    try {
      await chmod(folder, 0o755);
      await mkdir(join(folder, 'node_modules'));
      await writeFile(join(folder, 'process.mjs'), misbehaviours[how] ?? `process.kill(process.pid, '${how}')`);
      const misled = createPictureInspector({ entry: join(folder, 'process.mjs') });
      await expect(misled.inspect(await drawGradient(100, 100).png().toBuffer())).rejects.toMatchObject(reason);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('ends when its caller gives up', async () => {
    const controller = new AbortController();
    const content = await largest();
    const inspecting = inspector.inspect(content, controller.signal);
    await expect.poll(() => childrenRunning(PROGRAM).length, { interval: 5 }).toBe(1);
    controller.abort(new Error('given up'));
    await expect(inspecting).rejects.toThrow('given up');
    await expect(inspector.inspect(content, controller.signal)).rejects.toThrow('given up');
  });

  it('is one of two, however many pictures there are', { timeout: 120_000 }, async () => {
    const content = await drawGradient(600, 400).png().toBuffer();
    let most = 0;
    const timer = setInterval(() => {
      most = Math.max(most, childrenRunning(PROGRAM).length);
    }, 2);
    onTestFinished(() => clearInterval(timer));
    const controller = new AbortController();
    const waiting = inspector.inspect(content, controller.signal);
    const inspected = Array.from({ length: 20 }, (_, index) => inspect(index % 5 ? content : Buffer.from('<svg/>')));
    controller.abort(new Error('given up'));
    const outcomes = await Promise.allSettled([waiting, ...inspected]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(16);
    expect(most).toBeLessThanOrEqual(2);
    expect(most).toBeGreaterThan(0);
  });
});
