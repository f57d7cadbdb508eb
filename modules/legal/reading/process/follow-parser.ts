import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Kill } from '../../../../platform/capabilities/disposable/index.ts';
import { type Notice, ParseFailure, type RecognizedPage } from '../contract.ts';
import { readPlaces } from '../pdf/scans/read-places.ts';
import type { PageStage, ReadingEnd } from '../reading.ts';
import type { PageWork } from './page-work.ts';
import type { ParseMessage, ParseOrder } from './parse-message.ts';
import { describeEnd } from './process-end.ts';

/** How far reading is. A process that ends on a page leaves here what the next one needs to know. */
export interface ReadingState {
  /** What was read; new pages are added. */
  pages: string[];
  /** Where the words of those stand that were recognized, counted in each page's own text. */
  recognized: RecognizedPage[];
  /** 0 while it is not known. */
  pagesTotal: number;
  /** Of the page behind the last one that was read. */
  stage: PageStage;
  /** Whether the process has got as far as the pages. */
  isOpen: boolean;
}

/** A process that closed its channel is ending; so long it may take, so that its own reason is known. */
const endingMs = 500;

/** Words of one document that keep their places, so that a scan of many dense pages does not fill the memory. */
const mostPlaced = 500_000;

interface Listener {
  work: PageWork | undefined;
  onPage(page: string, recognized: boolean, places: RecognizedPage | undefined): void;
  onNotice(notice: Notice): void;
}

/** Takes what a parser process answers until it ends. @throws the reason that it was killed for, ParseFailure `crashed`, ProcessKilled */
export async function followParser(
  child: ChildProcess,
  { limits }: ParseOrder,
  kill: Kill,
  state: ReadingState,
  { work, onPage, onNotice }: Listener,
): Promise<ReadingEnd & { noticesOmitted: number }> {
  const { pages } = state;
  state.isOpen = false;
  let pieces: string[] = [];
  let words = state.recognized.reduce((sum, { words: { length } }) => sum + length, 0);
  let characters = pages.reduce((sum, { length }) => sum + length, 0);
  let end: (ReadingEnd & { noticesOmitted: number }) | undefined;
  const enter = (stage: PageStage) => {
    state.stage = stage;
    work?.enter(stage);
  };
  const take = (message: ParseMessage) => {
    switch (message.type) {
      case 'pages-total':
        state.pagesTotal = message.count;
        state.isOpen = true;
        enter('text');
        break;
      case 'stage':
        enter(message.stage);
        break;
      case 'text':
        characters += message.piece.length;
        if (characters > limits.characters) kill(new ParseFailure('too-large', 'Read document: too much text'));
        else pieces.push(message.piece);
        break;
      case 'page': {
        const page = pieces.join('');
        pieces = [];
        if (pages.length >= limits.pages) kill(new ParseFailure('too-large', 'Read document: pages'));
        pages.push(page);
        enter('text');
        const places = readPlaces(message.places, pages.length, page.length);
        words += places?.words.length ?? 0;
        const kept = words <= mostPlaced * 6 ? places : undefined;
        if (kept) state.recognized.push(kept);
        onPage(page, message.recognized, kept);
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
  child.once('disconnect', () => {
    const overdue = setTimeout(() => child.kill('SIGKILL'), endingMs);
    child.once('exit', () => clearTimeout(overdue));
  });
  // A process may be gone before its last messages are read: the channel's end comes behind them.
  const [[exitCode, endedBy]] = await Promise.all([once(child, 'close'), once(child, 'disconnect')]);
  if (kill.reason !== undefined) throw kill.reason;
  if (end === undefined) throw describeEnd('Read document', exitCode, endedBy);
  return end;
}
