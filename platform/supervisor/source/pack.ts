import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { type PushRequest, REQUEST_FILE } from './push-request.ts';
import { type TarFile, writeTar } from './tar.ts';

/** The compressed archive that a platform takes in. */
export const pack = (request: PushRequest, files: readonly TarFile[]): Readable => {
  const first = { path: REQUEST_FILE, contents: Buffer.from(JSON.stringify(request)) };
  return Readable.from(writeTar([first, ...files])).pipe(createGzip());
};
