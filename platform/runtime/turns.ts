/** Runs work side by side, except for work that must be alone. */
export type Turns = <T>(alone: boolean, work: () => Promise<T>) => Promise<T>;

/** Work that must be alone begins when no other runs, so that it holds none up; while it runs, none begins. */
export function createTurns(): Turns {
  let running = 0;
  let isAlone = false;
  let waiting: (() => void)[] = [];
  return async (alone, work) => {
    while (isAlone || (alone && running > 0)) await new Promise<void>((resolve) => waiting.push(resolve));
    running += 1;
    isAlone = alone;
    try {
      return await work();
    } finally {
      running -= 1;
      isAlone = false;
      const released = waiting;
      waiting = [];
      for (const resume of released) resume();
    }
  };
}
