import type { FileReader, SliceResult } from 'tus-js-client';

/** Reads blobs in programs that are no browsers, for which the library takes no blobs. */
export const blobReader: FileReader = {
  async openFile(file: Blob) {
    return {
      size: file.size,
      async slice(start: number, end: number): Promise<SliceResult> {
        const piece = file.slice(start, Math.min(end, file.size));
        return { value: Buffer.from(await piece.arrayBuffer()), done: end >= file.size };
      },
      close: () => {},
    };
  },
};
