import { Problem } from '../../kernel/problem.ts';
import { unavailable } from '../../kernel/problems.ts';

const RETRY_SECONDS = 1;
/** Of the cause, which is all that `fetch` and its users pass on. */
export const OUTBOUND_FULL = 'OUTBOUND_FULL';

/** All connections that a process may have to other hosts are in use. The request was not sent. */
export class OutboundFull extends Problem {
  constructor(most: number, waitMs: number) {
    const message = `Wait for an outbound connection: none of ${most} became free in ${waitMs} ms`;
    const headers = { 'retry-after': String(RETRY_SECONDS) };
    const cause = Object.assign(new Error(message), { code: OUTBOUND_FULL });
    super(unavailable, { parameters: { seconds: RETRY_SECONDS }, headers, cause });
    this.message = message;
  }
}

/** The right to one connection. */
export interface Place {
  /** Whether the connection may stay open for the next request. */
  isKept: boolean;
  release(): void;
}

/** Places for requests that are in progress at the same time. */
export interface Places {
  /** Waits for a free place. @throws OutboundFull when none became free in time; the signal's reason when it aborts before */
  take(signal?: AbortSignal | null): Promise<Place>;
}

export interface PlaceLimits {
  /** Requests at the same time; read at each use where it may change. */
  most: number | (() => number);
  /** Of those, requests whose connections are kept. */
  kept: number;
  /** Longest wait for a place. */
  waitMs: number;
}

export function createPlaces({ most, kept, waitMs }: PlaceLimits): Places {
  const limit = typeof most === 'function' ? most : () => most;
  let [keptTaken, taken] = [0, 0];
  const waiting = new Set<(place: Place) => void>();

  const placeOf = (isKept: boolean): Place => {
    let isTaken = true;
    return {
      isKept,
      release() {
        if (!isTaken) return;
        isTaken = false;
        const [next] = taken <= limit() ? waiting : [];
        if (next) return next(placeOf(isKept));
        taken -= 1;
        if (isKept) keptTaken -= 1;
      },
    };
  };
  const enter = (): Place => {
    taken += 1;
    if (keptTaken >= kept) return placeOf(false);
    keptTaken += 1;
    return placeOf(true);
  };

  return {
    async take(signal) {
      signal?.throwIfAborted();
      if (taken < limit()) return enter();
      const { promise, resolve, reject } = Promise.withResolvers<Place>();
      const end = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', cancel);
        waiting.delete(serve);
      };
      const serve = (place: Place) => {
        end();
        resolve(place);
      };
      const fail = (reason: unknown) => {
        end();
        reject(reason);
      };
      const cancel = () => fail(signal?.reason);
      const timer = setTimeout(() => fail(new OutboundFull(limit(), waitMs)), waitMs);
      signal?.addEventListener('abort', cancel, { once: true });
      waiting.add(serve);
      return promise;
    },
  };
}
