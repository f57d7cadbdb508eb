import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { access, constants } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type DocumentParser, type Notice, ParseFailure } from './contract.ts';
import { createKill, type Kill, startDisposable, watchMemory } from './disposable-process.ts';
import { createNoticeList } from './notice-list.ts';
import { createPageBatches } from './page-batches.ts';
import { type PageWork, watchPageWork } from './page-work.ts';
import type { PagesTaken, ParseMessage, ParseOrder } from './parse-message.ts';
import { toParsedDocument } from './parsed-document.ts';
import { systemLanguageFolders } from './pdf/recognition-languages.ts';
import { pagedFormats, type ReadingEnd, type ReadingLimits } from './reading.ts';
import { createReadingClock, longestReading, type ReadingTimes } from './reading-clock.ts';

export interface DocumentParserOptions extends Partial<ReadingTimes> {
  /** Resident memory of the parser process; its heap gets three quarters of it. */
  memoryMb?: number;
  limits?: Partial<ReadingLimits>;
  /** The parser process's program; a bundle passes where it put its own build of `parse-process.ts`. */
  entry?: string;
  /** Folders in which the languages of text recognition may lie, first come first served. */
  languageFolders?: readonly string[];
}

const defaultLimits: ReadingLimits = {
  pages: 5000,
  recognizedPages: 1000,
  characters: 16_000_000,
  unpackedBytes: 128 * 1024 * 1024,
};

/**
 * Each file is read by a process of its own, which is killed when it takes too long or too much memory. As part
 * of a release it may read this file, its own code and the languages of text recognition only; it writes none, starts
 * no other process, and sees nothing of this process's environment. Its text is taken over page by page, in bounded
 * pieces. How many run at once is the caller's matter. What is not the document's fault (a missing file, no process to
 * be had, an abort, pages that could not be kept) rejects with the error as it came.
 */
export function createDocumentParser(options: DocumentParserOptions = {}): DocumentParser {
  const { timeoutMs = 120_000, pageTimeoutMs = 120_000, memoryMb = 768 } = options;
  const { languageFolders = systemLanguageFolders } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const entry = options.entry ?? fileURLToPath(new URL('./parse-process.ts', import.meta.url));

  return {
    async parse({ path, format }, { earlier = { pages: [], notices: [] }, onPages, onProgress, signal } = {}) {
      // A file that is not there is this machine's fault, not the document's.
      await access(path, constants.R_OK);
      signal?.throwIfAborted();
      const hasPages = pagedFormats.has(format);
      const before = hasPages ? earlier.pages : [];
      const notices = createNoticeList();
      if (hasPages) for (const notice of earlier.notices) notices.add(notice);
      const times = { timeoutMs, pageTimeoutMs };
      const order: ParseOrder = {
        path: resolve(path),
        format,
        limits,
        languageFolders,
        pagesBefore: before.length,
        timeoutMs: hasPages ? longestReading(times, limits.pages, limits.recognizedPages) : timeoutMs,
      };
      const child = startDisposable(entry, {
        memoryMb,
        order: JSON.stringify(order),
        files: [order.path],
        folders: languageFolders,
      });
      const kill = createKill(child);
      const onAbort = () => kill(signal?.reason);
      signal?.addEventListener('abort', onAbort);
      const clock = createReadingClock({ ...times, hasPages }, (why) =>
        kill(new ParseFailure('too-slow', `Read document: ${why}`)),
      );
      const watch = watchMemory(child, memoryMb, kill);
      const work = hasPages ? watchPageWork(child, kill) : undefined;
      let taken = 0;
      const batches = createPageBatches(before.length + 1, (hasPages ? onPages : undefined) ?? (async () => {}), {
        begin: clock.pause,
        done(pages) {
          clock.resume();
          taken += pages;
          tell(child, { taken });
        },
        failed: kill,
      });
      try {
        const pages = [...before];
        const end = await collect(child, order, kill, {
          pages,
          work,
          onPage(page, recognized, pagesTotal) {
            if (hasPages) clock.page(recognized);
            batches.add(page);
            if (hasPages) onProgress?.({ pagesDone: pages.length, pagesTotal });
          },
          onNotice(notice) {
            const added = notices.add(notice);
            if (added) batches.notice(added);
          },
        });
        clock.stop();
        await batches.end();
        return toParsedDocument(pages, end, notices.kept(end.noticesOmitted), limits);
      } finally {
        clock.stop();
        clearInterval(watch);
        work?.stop();
        signal?.removeEventListener('abort', onAbort);
        if (child.exitCode === null) child.kill('SIGKILL');
        await batches.stop();
      }
    },
  };
}

/** Lets the process read on. One that has ended needs no word. */
function tell(child: ChildProcess, message: PagesTaken): void {
  if (child.connected) child.send(message, () => {});
}

interface Collected {
  /** What was read before; new pages are added. */
  pages: string[];
  work: PageWork | undefined;
  onPage(page: string, recognized: boolean, pagesTotal: number): void;
  onNotice(notice: Notice): void;
}

async function collect(
  child: ChildProcess,
  { limits, pagesBefore }: ParseOrder,
  kill: Kill,
  { pages, work, onPage, onNotice }: Collected,
): Promise<ReadingEnd & { noticesOmitted: number }> {
  let pieces: string[] = [];
  let characters = 0;
  let pagesTotal = 0;
  let end: (ReadingEnd & { noticesOmitted: number }) | undefined;
  const take = (message: ParseMessage) => {
    switch (message.type) {
      case 'pages-total':
        pagesTotal = message.count;
        work?.begin();
        break;
      case 'recognizing':
        work?.recognize();
        break;
      case 'text':
        characters += message.piece.length;
        if (characters > limits.characters) kill(new ParseFailure('too-large', 'Read document: too much text'));
        else pieces.push(message.piece);
        break;
      case 'page': {
        const page = pieces.join('');
        pieces = [];
        if (pages.length >= pagesBefore + limits.pages) kill(new ParseFailure('too-large', 'Read document: pages'));
        pages.push(page);
        work?.begin();
        onPage(page, message.recognized, pagesTotal);
        break;
      }
      case 'notice':
        onNotice(message.notice);
        break;
      case 'done':
        end = { ...message.end, noticesOmitted: message.noticesOmitted };
        // It has nothing left to do, and its own way out may block: V8 waits there for threads that wait for a collection.
        child.kill('SIGKILL');
        break;
      case 'failed':
        kill(new ParseFailure(message.code, message.message));
    }
  };
  child.on('message', (message: ParseMessage) => {
    if (kill.reason !== undefined) return;
    try {
      take(message);
    } catch (error) {
      kill(error);
    }
  });
  // Behind its closed channel a process can say nothing more.
  child.once('disconnect', () => child.kill('SIGKILL'));
  // A process may be gone before its last messages are read: the channel's end comes behind them.
  const [[exitCode, endedBy]] = await Promise.all([once(child, 'close'), once(child, 'disconnect')]);
  if (kill.reason !== undefined) throw kill.reason;
  if (end === undefined)
    throw new ParseFailure('crashed', `Read document: the parser ended with ${endedBy ?? exitCode}`);
  return end;
}
