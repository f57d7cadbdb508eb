import { responseTooLarge } from '../problems.ts';
import type { TurnEnd } from '../upstream/upstream-state.ts';
import type { KnownFailure } from './attempt-failure.ts';

const LONGEST_BACK_OFF_MS = 60_000;
/** However long an upstream asks for: a mistaken header does not take a key away for good. */
const LONGEST_COOLDOWN_MS = 86_400_000;

/**
 * What attempts tell the breaker of a target and the state of its key. A request at fault shows that the server is alive; a refusal for
 * too many requests, or of the key, says nothing about the target.
 */
export class TurnEnds {
  /** Refusals in a row of a key and a target that did not say how long to wait. */
  readonly #refusals = new Map<string, number>();

  success(target: string, key: string): TurnEnd {
    if (this.#refusals.size > 0) this.#refusals.delete(`${target} ${key}`);
    return { outcome: 'success' };
  }

  failure(target: string, key: string, { failure: { reason, retryAfterMs }, problem }: KnownFailure): TurnEnd {
    // The limit is ours: a server that sends so much is alive.
    if (problem === responseTooLarge) return { outcome: 'success' };
    switch (reason) {
      case 'cancelled':
        return { outcome: 'abandoned' };
      case 'refused':
      case 'too-long':
        return { outcome: 'success' };
      case 'key-refused':
        return { outcome: 'abandoned', park: true };
      case 'rate-limited':
        return { outcome: 'abandoned', cooldownMs: this.#cooldownMs(`${target} ${key}`, retryAfterMs) };
      default:
        return { outcome: 'failure' };
    }
  }

  /** As long as the upstream asks for, else 1, 2, 4 … 60 s. */
  #cooldownMs(name: string, retryAfterMs: number | undefined): number {
    if (retryAfterMs !== undefined) return Math.min(retryAfterMs, LONGEST_COOLDOWN_MS);
    const refusals = this.#refusals.get(name) ?? 0;
    this.#refusals.set(name, refusals + 1);
    return Math.min(1_000 * 2 ** Math.min(refusals, 6), LONGEST_BACK_OFF_MS);
  }
}
