/** Tells those who wait for something that it may be there. */
export interface Watch {
  look(): void;
  /** @returns false when it is not so after `timeoutMs` */
  until(isSo: () => boolean, timeoutMs: number): Promise<boolean>;
}

export function createWatch(): Watch {
  const waiting = new Set<() => void>();
  return {
    look() {
      for (const look of waiting) look();
    },
    until: (isSo, timeoutMs) =>
      new Promise((resolve) => {
        const end = (result: boolean) => {
          clearTimeout(timer);
          waiting.delete(look);
          resolve(result);
        };
        const look = () => isSo() && end(true);
        const timer = setTimeout(() => end(false), timeoutMs);
        waiting.add(look);
        look();
      }),
  };
}
