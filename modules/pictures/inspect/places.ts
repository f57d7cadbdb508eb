/** So many things side by side; others wait for a place in their order. */
export interface Places {
  /** Disposing of it makes room for the next one. @throws the reason of the signal */
  take(signal?: AbortSignal): Promise<Disposable>;
}

export function createPlaces(count: number): Places {
  let free = count;
  const waiting = new Set<() => void>();

  const place = (): Disposable => {
    let isTaken = true;
    return {
      [Symbol.dispose]() {
        if (!isTaken) return;
        isTaken = false;
        const [next] = waiting;
        if (next) next();
        else free += 1;
      },
    };
  };

  return {
    async take(signal) {
      signal?.throwIfAborted();
      if (free > 0) {
        free -= 1;
        return place();
      }
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const enter = () => {
        leave();
        resolve();
      };
      const onAbort = () => {
        leave();
        reject(signal?.reason);
      };
      const leave = () => {
        waiting.delete(enter);
        signal?.removeEventListener('abort', onAbort);
      };
      waiting.add(enter);
      signal?.addEventListener('abort', onAbort);
      await promise;
      return place();
    },
  };
}
