import type { FileReader, SliceResult } from 'tus-js-client';

/** Reads blobs in programs that are no browsers, for which the library takes no blobs. */
export const blobReader: FileReader = {
  async openFile(file: Blob) {
    return {
      size: file.size,
      async slice(start: number, end: number): Promise<SliceResult> {
        const piece = Buffer.from(await file.slice(start, Math.min(end, file.size)).arrayBuffer());
        // The library compares it with what the server is to get.
        return { value: Object.assign(piece, { size: piece.length }), done: end >= file.size };
      },
      close: () => {},
    };
  },
};
