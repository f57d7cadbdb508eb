import type { IncomingMessage } from 'node:http';
import { type Duplex, pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createZstdDecompress } from 'node:zlib';
import { AnyInflate } from './any-inflate.ts';
import { TransportFailure } from './transport-failure.ts';

const decoders: Record<string, () => Duplex> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: () => new AnyInflate(),
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
};

/**
 * The body of a response without its content encodings, whose headers are removed. It is decoded no faster than it is read, so that
 * the reader's limit ends what decodes to very much. Destroying it closes the connection.
 * @throws TransportFailure for an encoding that is unknown, or more than two of them
 */
export function decodeBody(response: IncomingMessage): Readable {
  const encoding = response.headers['content-encoding'];
  if (!encoding || encoding === 'identity') return response;
  const names = encoding.split(',').map((name) => name.trim().toLowerCase());
  let body: Readable = response;
  for (const name of names.reverse()) {
    const create = decoders[name];
    if (!create || names.length > 2) {
      response.destroy();
      throw new TransportFailure('broken', 'unknown_content_encoding');
    }
    // Each end is told to its reader by the stream itself.
    body = pipeline(body, create(), () => {});
  }
  delete response.headers['content-encoding'];
  delete response.headers['content-length'];
  return body;
}
