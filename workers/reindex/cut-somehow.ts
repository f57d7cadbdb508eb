import { ParseFailure, plainChunks, type TextCutter } from '../../modules/legal/reading/index.ts';
import type { Log } from '../../platform/kernel/log.ts';

/**
 * Cuts a text by its structure, and one whose structure cannot be worked out by its paragraphs alone: a ready document must
 * stay one that is found, and one document must not keep an index from being finished.
 */
export const cutSomehow =
  (cutter: TextCutter, log: Log): TextCutter['cut'] =>
  async (document, signal) => {
    try {
      return await cutter.cut(document, signal);
    } catch (error) {
      if (!(error instanceof ParseFailure)) throw error;
      log.warn({ failure: error.code }, 'Cut text: by its paragraphs alone');
      return { chunks: plainChunks(document.text, document.pageStarts), facts: undefined };
    }
  };
