/** Work that one of several pages does at a time. */
export interface Lock {
  /** @param work is told whether another page was at it before */
  run<T>(work: (waited: boolean) => Promise<T>): Promise<T>;
}

/** The part of `navigator.locks` that is used. */
export type Locks = Pick<LockManager, 'request'>;

/** One lock for all pages of an origin. */
export function sharedLock(locks: Locks, name: string): Lock {
  return {
    async run(work) {
      const first = await locks.request(name, { ifAvailable: true }, async (lock) =>
        lock ? { result: await work(false) } : undefined,
      );
      return first ? first.result : locks.request(name, () => work(true));
    },
  };
}

/** For one page, or one program. */
export function ownLock(): Lock {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return {
    run(work) {
      const waited = waiting > 0;
      waiting += 1;
      const result = last
        .then(() => work(waited))
        .finally(() => {
          waiting -= 1;
        });
      last = result.catch(() => {});
      return result;
    },
  };
}
