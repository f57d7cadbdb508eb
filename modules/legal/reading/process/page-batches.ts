import type { Notice, PageBatch, ParseOptions, RecognizedPage } from '../contract.ts';

/** A batch is handed over when it has so many pages or characters, or is so old. */
const fullPages = 64;
const fullCharacters = 1_000_000;
const longestWaitMs = 5_000;

export interface PageBatches {
  add(page: string, places?: RecognizedPage): void;
  /** Belongs to the batch of the page that is added next. */
  notice(notice: Notice): void;
  /** Hands over what is left; resolves when all is taken, rejects when the taker refused a batch. */
  end(): Promise<void>;
  /** Forgets what was not handed over, and waits for what is being handed over. */
  stop(): Promise<void>;
}

/**
 * Gathers pages and hands them on one batch at a time.
 * @param first number of the first page, from 1
 * @param hooks `begin` and `done` stand around each handing over, `failed` is told what the taker threw
 */
export function createPageBatches(
  first: number,
  onPages: NonNullable<ParseOptions['onPages']>,
  hooks: { begin: () => void; done: (pages: number) => void; failed: (error: unknown) => void },
): PageBatches {
  let next = first;
  let pages: string[] = [];
  let notices: Notice[] = [];
  let recognized: RecognizedPage[] = [];
  let characters = 0;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let handed = Promise.resolve();

  const handOver = () => {
    clearTimeout(timer);
    timer = undefined;
    if (pages.length === 0) return;
    const batch: PageBatch = { first: next, pages, notices, recognized };
    next += pages.length;
    pages = [];
    notices = [];
    recognized = [];
    characters = 0;
    handed = handed.then(async () => {
      if (stopped) return;
      hooks.begin();
      try {
        await onPages(batch);
      } finally {
        hooks.done(batch.pages.length);
      }
    });
    handed.catch(hooks.failed);
  };

  return {
    add(page, places) {
      pages.push(page);
      if (places) recognized.push(places);
      characters += page.length;
      if (pages.length >= fullPages || characters >= fullCharacters) handOver();
      else timer ??= setTimeout(handOver, longestWaitMs);
    },
    notice: (notice) => void notices.push(notice),
    end() {
      handOver();
      return handed;
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await handed.catch(() => {});
    },
  };
}
