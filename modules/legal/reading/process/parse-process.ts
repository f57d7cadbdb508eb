import { constants, setPriority } from 'node:os';
import { endWithParent } from '../../../../platform/capabilities/disposable/end-with-parent.ts';
import { ParseFailure } from '../contract.ts';
import { withEmbedded } from '../files/embedded-files.ts';
import { normalizeText } from '../normalize-text.ts';
import { noticesTaken } from '../notice-list.ts';
import { placeWords } from '../pdf/scans/place-words.ts';
import { readers } from '../readers.ts';
import { type ReadingOutput, requireAtMost } from '../reading.ts';
import { readDocument } from './document-descriptor.ts';
import { type PagesTaken, type ParseMessage, type ParseOrder, pagesAhead, pieceLength } from './parse-message.ts';

/*
 * The disposable process that reads one file, started by `parse-document.ts` with a ParseOrder as its argument. It
 * answers over IPC and ends. Whatever a hostile file does to it, its parent only sees an exit.
 */

const order = JSON.parse(process.argv[2] ?? '') as ParseOrder;
endWithParent(order.timeoutMs + 5000);
// Requests come first.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

try {
  const read = await readers[order.format]();
  const output = createOutput();
  const again = async () => readDocument();
  const end = await read(withEmbedded({ ...order, bytes: await again(), again }, readers), output);
  await answer({ type: 'done', end, noticesOmitted: output.noticesOmitted() });
} catch (error) {
  await answer({ type: 'failed', ...describeFailure(error) });
}
end();

/** Ends at once. `process.exit` waits for V8's threads, which may be waiting for a collection that never comes. */
function end(): never {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('Read document: the process continues after SIGKILL');
}

/** Resolves when the message is on its way; without a parent there is nothing left to do. */
function answer(message: ParseMessage): Promise<void> {
  return new Promise((resolve) => {
    process.send?.(message, (error: Error | null) => (error === null ? resolve() : end()));
  });
}

/** Sends pages as they are read, and waits when the parent is far behind. */
function createOutput(): ReadingOutput & { noticesOmitted: () => number } {
  let notices = 0;
  let characters = 0;
  let sent = 0;
  let taken = 0;
  let goOn = () => {};
  process.on('message', (message: PagesTaken) => {
    taken = message.taken;
    goOn();
  });
  return {
    noticesOmitted: () => Math.max(0, notices - noticesTaken),
    notice(notice) {
      notices += 1;
      if (notices <= noticesTaken) void answer({ type: 'notice', notice });
    },
    stage: (stage) => answer({ type: 'stage', stage }),
    pagesTotal: (count) => void answer({ type: 'pages-total', count }),
    async page(page, { recognized, seen } = { recognized: false }) {
      const text = normalizeText(page);
      characters += text.length;
      requireAtMost(order.limits.characters, characters, 'characters');
      for (let start = 0; start < text.length; start += pieceLength) {
        await answer({ type: 'text', piece: text.slice(start, start + pieceLength) });
      }
      const places = seen && { ...seen.size, words: placeWords(text, seen.words) };
      await answer({ type: 'page', recognized, ...(places && { places }) });
      sent += 1;
      while (sent - taken > pagesAhead) {
        await new Promise<void>((resolve) => {
          goOn = resolve;
        });
      }
    },
  };
}

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
