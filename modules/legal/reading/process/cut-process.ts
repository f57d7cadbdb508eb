import { constants, setPriority } from 'node:os';
import { endWithParent } from '../../../../platform/capabilities/disposable/end-with-parent.ts';
import { describeDocument } from '../../describe/describe-document.ts';
import { chunkText } from '../../structure/chunk-text.ts';
import type { NamedText, TextStructure } from '../contract.ts';

/*
 * The process that cuts texts, started by `cut-text.ts`: one text a message, one answer each, in order. Its parent ends it
 * when an answer takes too long.
 */

export type CutAnswer = { structure: TextStructure } | { failed: string };

endWithParent();
// Requests come first.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
process.on('message', (document: NamedText) => process.send?.(answer(document)));

function answer({ text, pageStarts, title, fileName }: NamedText): CutAnswer {
  try {
    const { description, type, dated = null } = describeDocument({ title, fileName, text });
    return { structure: { chunks: chunkText(text, pageStarts), facts: { description, type, dated } } };
  } catch (error) {
    // Only the kind of error: its message may quote the text.
    return { failed: error instanceof Error ? error.name : 'unknown error' };
  }
}
