import { crc32, createDeflate } from 'node:zlib';

/** Rows that are made at once, so that memory does not grow with the picture. */
const ROWS = 32;
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const COLOUR_TYPE_RGB = 2;

interface Drawing {
  width: number;
  height: number;
  /** From 0 to 2³² - 1; the same number draws the same picture. */
  seed: number;
}

/** A PNG: two waves over a gradient, all of them of the seed. @throws the reason of `signal` */
export async function drawPicture({ width, height, seed }: Drawing, signal: AbortSignal): Promise<Buffer> {
  const random = createRandom(seed);
  const colours = [0, 1, 2].map(() => ({ from: random() * 160, to: 95 + random() * 160, turn: random() * 6.3 }));
  const waves = { across: 3 + random() * 9, down: 3 + random() * 9 };
  const deflate = createDeflate({ level: 1 });
  const packed = Array.fromAsync<Buffer>(deflate);
  // Its failure is that of the write which caused it.
  packed.catch(() => {});
  try {
    for (let top = 0; top < height; top += ROWS) {
      signal.throwIfAborted();
      const rows = Math.min(ROWS, height - top);
      const block = Buffer.alloc(rows * (1 + width * 3));
      for (let row = 0; row < rows; row += 1) {
        const down = (top + row) / height;
        let at = row * (1 + width * 3) + 1;
        for (let column = 0; column < width; column += 1) {
          const across = column / width;
          const wave = Math.sin(across * waves.across + down * 2) * Math.cos(down * waves.down - across);
          for (const { from, to, turn } of colours) {
            block[at] = from + (to - from) * (0.5 + 0.25 * (across + down - 1) + 0.25 * Math.sin(wave * 3 + turn));
            at += 1;
          }
        }
      }
      await new Promise<void>((resolve, reject) => {
        deflate.write(block, (error) => (error ? reject(error) : resolve()));
      });
    }
  } finally {
    deflate.end();
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, COLOUR_TYPE_RGB, 0, 0, 0], 8);
  const data = Buffer.concat(await packed);
  return Buffer.concat([SIGNATURE, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}

/** Numbers from 0 to 1: mulberry32, which is in the public domain. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
