import type { ChunkWords } from '../contract.ts';

/** A chunk as its file holds it. */
export interface StoredChunk {
  chunkId: string;
  documentId: string;
  words: ChunkWords;
}

/** Chunks of one file that searches have met: taking their stems apart costs more than finding them. */
export interface KeptChunks {
  /** @param read is given what takes joined stems apart */
  get(number: number, read: (split: SplitStems) => StoredChunk): StoredChunk;
  /** Gives all of them up, as the file has changed. */
  forget(): void;
  close(): void;
}
type SplitStems = (joined: string) => string[];

/** Of all files of a process together; 8 bytes each. */
const mostStems = 600_000;
/** Different ones; about 60 bytes each. */
const mostDistinct = 40_000;

/** What a process keeps of its files. When it is too much, all of it is given up. */
export function createChunkKeeper(): { open(): KeptChunks } {
  const files = new Set<KeptChunks>();
  const distinct = new Map<string, string>();
  let stemsHeld = 0;

  /** The same string for the same stem, whose hash is then known. */
  const single = (stem: string): string => {
    const known = distinct.get(stem);
    if (known !== undefined) return known;
    if (distinct.size >= mostDistinct) distinct.clear();
    distinct.set(stem, stem);
    return stem;
  };
  const split: SplitStems = (joined) => (joined === '' ? [] : joined.split(' ').map(single));

  return {
    open() {
      const chunks = new Map<number, StoredChunk>();
      let own = 0;
      const file: KeptChunks = {
        get(number, read) {
          const known = chunks.get(number);
          if (known) return known;
          const chunk = read(split);
          const { text, headings, description } = chunk.words;
          const count = text.length + headings.length + description.length;
          if (stemsHeld + count > mostStems) for (const each of files) each.forget();
          own += count;
          stemsHeld += count;
          chunks.set(number, chunk);
          return chunk;
        },
        forget() {
          stemsHeld -= own;
          own = 0;
          chunks.clear();
        },
        close() {
          file.forget();
          files.delete(file);
        },
      };
      files.add(file);
      return file;
    },
  };
}
