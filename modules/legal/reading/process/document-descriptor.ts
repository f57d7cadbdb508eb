import { fstatSync, readSync } from 'node:fs';

/** Under which number a parser process has its document open; before it come the usual three and the channel. */
const documentDescriptor = 4;

/** The whole document, as often as it is asked for. A parser process has no path to it. */
export function readDocument(): Buffer<ArrayBuffer> {
  const bytes = Buffer.allocUnsafeSlow(fstatSync(documentDescriptor).size);
  let filled = 0;
  while (filled < bytes.length) {
    const count = readSync(documentDescriptor, bytes, filled, bytes.length - filled, filled);
    if (count === 0) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}
