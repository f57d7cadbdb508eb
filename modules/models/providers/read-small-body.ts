import type { Readable } from 'node:stream';

const MOST_BYTES = 65_536;

/** The text of a short answer, or its first 64 KiB; the rest is not waited for. */
export async function readSmallBody(body: Readable): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of body) {
    pieces.push(piece as Buffer);
    bytes += (piece as Buffer).length;
    if (bytes >= MOST_BYTES) break;
  }
  return Buffer.concat(pieces).subarray(0, MOST_BYTES).toString();
}
