import type { IncomingMessage } from 'node:http';
import type { Visit } from './forward.ts';

export interface ActivatorLimits {
  /** Requests that wait at the same time. */
  held: number;
  /** Memory that those may take, see `weigh`. */
  bytes: number;
  /** How long one of them waits. */
  seconds: number;
}

export const activatorLimits: ActivatorLimits = { held: 100, bytes: 8 * 1024 ** 2, seconds: 15 };

interface Held extends Visit {
  since: number;
  weight: number;
  timer: NodeJS.Timeout;
}

/** The requests that wait for a process, within limits. One whose client leaves is forgotten. */
export class WaitingRequests {
  readonly #limits: ActivatorLimits;
  readonly #onLate: (late: Held) => void;
  readonly #held = new Set<Held>();
  #bytes = 0;

  /** @param onLate told of each that has waited for too long; it waits no longer then */
  constructor(limits: ActivatorLimits, onLate: (late: Held) => void) {
    this.#limits = limits;
    this.#onLate = onLate;
  }

  get count(): number {
    return this.#held.size;
  }

  /** False when there is no room for it. */
  add(visit: Visit): boolean {
    const weight = weigh(visit.request);
    if (this.#held.size >= this.#limits.held || this.#bytes + weight > this.#limits.bytes) return false;
    const timer = setTimeout(() => {
      if (this.#release(held)) this.#onLate(held);
    }, this.#limits.seconds * 1000);
    const held: Held = { ...visit, weight, timer, since: performance.now() };
    this.#held.add(held);
    this.#bytes += weight;
    visit.response.once('close', () => this.#release(held));
    return true;
  }

  /** None of them waits any longer. */
  takeAll(): Held[] {
    return [...this.#held].filter((held) => this.#release(held));
  }

  /** False when it waits no longer. */
  #release(held: Held): boolean {
    if (!this.#held.delete(held)) return false;
    clearTimeout(held.timer);
    this.#bytes -= held.weight;
    return true;
  }
}

/** Node reads one buffer of a connection that is not read from when that holds more than the high-water mark. */
const READ_AHEAD = 64 * 1024;

/**
 * What a request takes of our memory while it waits: its headers and the part of its body that is read ahead. The rest
 * stays with the client however large it is, so that a large upload can wait like any other request. (That such a client
 * left is only seen when its body is read on.)
 */
function weigh({ rawHeaders, url = '', headers }: IncomingMessage): number {
  const declared = headers['transfer-encoding'] === undefined ? Number(headers['content-length'] ?? 0) : READ_AHEAD;
  return rawHeaders.reduce((sum, text) => sum + text.length, url.length) + Math.min(declared, READ_AHEAD);
}
