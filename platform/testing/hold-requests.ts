/** Requests that a server answers only once the test releases them. */
export interface Hold {
  /** One of them is there, and waits. */
  reached: Promise<void>;
  release(): void;
}

export interface Holds<Request> {
  hold(isMeant: (request: Request) => boolean): Hold;
  /** Resolves at once for a request that none of the holds means. */
  pass(request: Request): Promise<void>;
}

export function createHolds<Request>(): Holds<Request> {
  const held: { isMeant(request: Request): boolean; reach(): void; released: Promise<void> }[] = [];
  return {
    hold(isMeant) {
      const [reached, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      held.push({ isMeant, reach: reached.resolve, released: released.promise });
      return { reached: reached.promise, release: released.resolve };
    },
    async pass(request) {
      const meant = held.filter(({ isMeant }) => isMeant(request));
      for (const { reach } of meant) reach();
      await Promise.all(meant.map(({ released }) => released));
    },
  };
}
