/** How long reading may take, in milliseconds of wall-clock time. */
export interface ReadingTimes {
  /** For a whole file without pages; with pages, for what is not spent on pages. */
  timeoutMs: number;
  /** For one page, and so from one to the next. */
  pageTimeoutMs: number;
}

/** What a page adds to the whole time: many times what one takes, and far less than the longest that one may take. */
const allowances = { text: 2_000, recognized: 30_000 };

export interface ReadingClock {
  /** A page was read. */
  page(recognized: boolean): void;
  /** The page that is being read is begun again, without what went wrong. @returns false when the whole time is over */
  again(): boolean;
  /** While pages are handed over, reading may have to wait and its time stands still. Calls may nest. */
  pause(): void;
  resume(): void;
  stop(): void;
}

/** Tells once when a page, or all pages together, took too long. */
export function createReadingClock(
  times: ReadingTimes & { hasPages: boolean },
  expire: (why: string) => void,
): ReadingClock {
  const started = performance.now();
  let allowed = times.timeoutMs;
  let lastPage = started;
  let pausedAt = 0;
  let pauses = 0;
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;

  const arm = () => {
    clearTimeout(timer);
    if (pauses > 0) return;
    const end = started + allowed;
    const pageEnd = times.hasPages ? lastPage + times.pageTimeoutMs : Number.POSITIVE_INFINITY;
    const ofPage = pageEnd < end;
    const why = ofPage ? `no page in ${times.pageTimeoutMs} ms` : `not done in ${Math.round(allowed)} ms`;
    const ended = () => {
      isOver = !ofPage;
      expire(why);
    };
    timer = setTimeout(ended, Math.max(0, Math.min(end, pageEnd) - performance.now()));
  };
  arm();
  return {
    page(recognized) {
      lastPage = performance.now();
      allowed += recognized ? allowances.recognized : allowances.text;
      arm();
    },
    again() {
      if (isOver) return false;
      lastPage = performance.now();
      // As much as the longest page adds, so that what is behind it has some time left.
      allowed += allowances.recognized;
      arm();
      return true;
    },
    pause() {
      if (pauses++ === 0) pausedAt = performance.now();
      clearTimeout(timer);
    },
    resume() {
      if (--pauses > 0) return;
      const paused = performance.now() - pausedAt;
      allowed += paused;
      lastPage += paused;
      arm();
    },
    stop: () => {
      pauses = Number.POSITIVE_INFINITY;
      clearTimeout(timer);
    },
  };
}

/** The longest that a file with so many pages may take. */
export const longestReading = ({ timeoutMs }: ReadingTimes, pages: number, recognizedPages: number): number =>
  timeoutMs + pages * allowances.text + recognizedPages * allowances.recognized;
