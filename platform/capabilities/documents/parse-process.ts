import { readFile } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';
import { ParseFailure } from './contract.ts';
import { endWithParent } from './end-with-parent.ts';
import { type ParseMessage, type ParseOrder, pieceLength } from './parse-message.ts';
import { toParsedDocument } from './parsed-document.ts';
import { readers } from './readers.ts';

/*
 * The disposable process that reads one file, started by `parse-document.ts` with a ParseOrder as its argument. It
 * answers over IPC and ends. Whatever a hostile file does to it, its parent only sees an exit.
 */

const order = JSON.parse(process.argv[2] ?? '') as ParseOrder;
endWithParent(order.timeoutMs + 5000);
// Requests come first.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

const answer = (message: ParseMessage) =>
  new Promise<void>((resolve, reject) => {
    process.send?.(message, (error: Error | null) => (error === null ? resolve() : reject(error)));
  });

try {
  const read = await readers[order.format]();
  const reading = await read(await readFile(order.path), order.limits, (progress) => {
    void answer({ type: 'progress', progress }).catch(() => process.exit(1));
  });
  const { text, ...document } = toParsedDocument(reading, order.limits);
  for (let start = 0; start < text.length; start += pieceLength) {
    await answer({ type: 'text', piece: text.slice(start, start + pieceLength) });
  }
  await answer({ type: 'done', document });
} catch (error) {
  await answer({ type: 'failed', ...describeFailure(error) });
}
process.exit(0);

function describeFailure(error: unknown): { code: ParseFailure['code']; message: string } {
  if (error instanceof ParseFailure) return { code: error.code, message: error.message };
  if (error instanceof RangeError)
    return { code: 'damaged', message: 'Read document: nested too deeply or sizes that cannot be' };
  // Only the kind of error: messages of libraries may quote the file.
  return {
    code: 'damaged',
    message: `Read document: ${error instanceof Error ? error.name : 'unknown error'} in its structure`,
  };
}
