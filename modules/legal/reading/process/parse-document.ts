import type { ChildProcess } from 'node:child_process';
import { open } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import {
  createKill,
  type Kill,
  startDisposable,
  watchMemory,
} from '../../../../platform/capabilities/disposable/index.ts';
import { type DocumentParser, ParseFailure } from '../contract.ts';
import { createNoticeList } from '../notice-list.ts';
import { systemLanguageFolders } from '../pdf/scans/recognition-languages.ts';
import { type GivenUp, pagedFormats, type ReadingLimits } from '../reading.ts';
import { followParser, type ReadingState } from './follow-parser.ts';
import { createPageBatches } from './page-batches.ts';
import { watchPageWork } from './page-work.ts';
import type { PagesTaken, ParseOrder } from './parse-message.ts';
import { toParsedDocument } from './parsed-document.ts';
import { readPastFailures } from './read-past-failures.ts';
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
 * pieces. One that is killed from outside is replaced. How many run at once is the caller's matter. What is not the document's fault (a missing file, no process to
 * be had, an abort, pages that could not be kept) rejects with the error as it came.
 */
export function createDocumentParser(options: DocumentParserOptions = {}): DocumentParser {
  const { timeoutMs = 120_000, pageTimeoutMs = 120_000, memoryMb = 768 } = options;
  const { languageFolders = systemLanguageFolders } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const entry = options.entry ?? fileURLToPath(new URL('./parse-process.ts', import.meta.url));

  return {
    async parse(
      { path, format },
      { earlier = { pages: [], notices: [], recognized: [] }, onPages, onProgress, signal } = {},
    ) {
      signal?.throwIfAborted();
      // A file that is not there is this machine's fault, not the document's.
      const file = await open(path);
      const hasPages = pagedFormats.has(format);
      const before = hasPages ? earlier.pages : [];
      const notices = createNoticeList();
      if (hasPages) for (const notice of earlier.notices) notices.add(notice);
      const times = { timeoutMs, pageTimeoutMs };
      const order = {
        format,
        limits,
        languageFolders,
        timeoutMs: hasPages ? longestReading(times, limits.pages, limits.recognizedPages) : timeoutMs,
      };
      const recognized = hasPages ? [...earlier.recognized] : [];
      const state: ReadingState = { pages: [...before], recognized, pagesTotal: 0, stage: 'text', isOpen: false };
      let current: { child: ChildProcess; kill: Kill; pagesBefore: number } | undefined;
      const kill = (reason: unknown) => current?.kill(reason);
      const onAbort = () => kill(signal?.reason);
      signal?.addEventListener('abort', onAbort);
      const clock = createReadingClock({ ...times, hasPages }, (why) =>
        kill(new ParseFailure('too-slow', `Read document: ${why}`)),
      );
      let taken = before.length;
      const batches = createPageBatches(taken + 1, (hasPages ? onPages : undefined) ?? (async () => {}), {
        begin: clock.pause,
        done(pages) {
          clock.resume();
          taken += pages;
          if (current) tell(current.child, { taken: taken - current.pagesBefore });
        },
        failed: kill,
      });
      const read = async (givenUp: readonly GivenUp[]) => {
        const whole: ParseOrder = { ...order, pagesBefore: state.pages.length, givenUp };
        const child = startDisposable(entry, {
          memoryMb,
          order: JSON.stringify(whole),
          document: file.fd,
          folders: languageFolders,
        });
        const killChild = createKill(child);
        current = { child, kill: killChild, pagesBefore: whole.pagesBefore };
        const watch = watchMemory(child, memoryMb, (why) =>
          killChild(new ParseFailure('crashed', `Read document: ${why}`)),
        );
        const work = hasPages ? watchPageWork(child, killChild) : undefined;
        try {
          return await followParser(child, whole, killChild, state, {
            work,
            onPage(page, isRecognized, places) {
              if (hasPages) clock.page(isRecognized);
              batches.add(page, places);
              if (hasPages) onProgress?.({ pagesDone: state.pages.length, pagesTotal: state.pagesTotal });
            },
            onNotice(notice) {
              const added = notices.add(notice);
              if (added) batches.notice(added);
            },
          });
        } finally {
          clearInterval(watch);
          work?.stop();
          if (child.exitCode === null) child.kill('SIGKILL');
        }
      };
      try {
        const { end, failure } = await readPastFailures(read, state, clock, hasPages);
        clock.stop();
        await batches.end();
        try {
          return toParsedDocument(state, end, notices.kept(end.noticesOmitted), limits);
        } catch (error) {
          throw failure ?? error;
        }
      } finally {
        clock.stop();
        signal?.removeEventListener('abort', onAbort);
        await batches.stop();
        await file.close();
      }
    },
  };
}

/** Lets the process read on. One that has ended needs no word. */
function tell(child: ChildProcess, message: PagesTaken): void {
  if (child.connected) child.send(message, () => {});
}
