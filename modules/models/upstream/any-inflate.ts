import { Transform, type TransformCallback } from 'node:stream';
import { createInflate, createInflateRaw, type Inflate, type InflateRaw } from 'node:zlib';

/**
 * Decodes `deflate`, which means the format of zlib; some servers send it without the header. No stream without it begins like one, for
 * the bits that name the method of compression would be padding that is not zero.
 */
export class AnyInflate extends Transform {
  #inflate: Inflate | InflateRaw | undefined;

  override _transform(piece: Buffer, _: BufferEncoding, done: TransformCallback): void {
    this.#inflate ??= this.#begin(piece);
    this.#inflate.write(piece, done);
  }

  override _flush(done: TransformCallback): void {
    if (!this.#inflate || this.#inflate.readableEnded) done();
    else this.#inflate.once('end', () => done()).end();
  }

  override _read(size: number): void {
    this.#inflate?.resume();
    super._read(size);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#inflate?.destroy();
    done(error);
  }

  #begin(piece: Buffer): Inflate | InflateRaw {
    const inflate = ((piece[0] ?? 0) & 0x0f) === 8 ? createInflate() : createInflateRaw();
    inflate.on('data', (decoded: Buffer) => {
      // Decoded no faster than it is read.
      if (!this.push(decoded)) inflate.pause();
    });
    inflate.on('error', (error) => this.destroy(error));
    return inflate;
  }
}
