import type { Readable } from 'node:stream';
import { type AnswerFacts, answerFacts } from '../dialects/answer-facts.ts';
import type { Json, Wire } from '../dialects/contract.ts';
import type { Provider, ProviderKey, UpstreamFailure } from '../providers/adapter.ts';
import type { UsageCount } from './contract.ts';
import type { Target } from './route.ts';
import type { Watched } from './wheel.ts';

/** One call of one target with one key: its time limits, and what is known of it. */
export class Attempt implements Watched {
  readonly target: Target;
  readonly key: ProviderKey;
  readonly startedAt = performance.now();
  /** The last count of the upstream. */
  usage: UsageCount | undefined;
  /** Of what was put out. */
  characters = 0;
  /** Events of a stream that had content. */
  chunks = 0;
  /** Events of a stream that were passed on although they cannot be read. */
  malformed = 0;
  /** What the upstream says of its answer. */
  facts: AnswerFacts = {};
  status: number | undefined;
  firstMs: number | undefined;
  /** The request went out. */
  isSent = false;
  /** Events were put out: no other target can be asked. */
  isCommitted = false;
  /** Why it was ended from our side. */
  verdict: UpstreamFailure | undefined;
  readonly #timeouts: Provider['timeouts'];
  readonly #controller = new AbortController();
  #lastAt = this.startedAt;
  #paused: Readable | undefined;

  constructor(target: Target, key: ProviderKey) {
    this.target = target;
    this.key = key;
    this.#timeouts = target.provider.timeouts;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Bytes came. */
  touch(): void {
    this.#lastAt = performance.now();
  }

  /** The first content came: a token, or a byte of a whole answer. */
  begin(): void {
    this.firstMs ??= Math.round(performance.now() - this.startedAt);
  }

  /** What a whole answer says of itself. @param count characters of it, where the upstream counts nothing */
  note(wire: Wire, json: Json, count: () => number): void {
    this.facts = answerFacts(json);
    this.usage = wire.readUsage(json);
    if (!this.usage) this.characters = count();
  }

  /** The caller is slower than the upstream: the upstream's time stands still. */
  pause(body: Readable): void {
    this.#paused = body;
    body.pause();
  }

  resume(): void {
    if (!this.#paused) return;
    this.#lastAt = performance.now();
    this.#paused.resume();
    this.#paused = undefined;
  }

  tick(now: number): void {
    const { firstMs, idleMs, totalMs } = this.#timeouts;
    if (now - this.startedAt >= totalMs) this.#expire('total_timeout');
    else if (this.firstMs === undefined) {
      if (now - this.startedAt >= firstMs) this.#expire('first_token_timeout');
    } else if (!this.#paused && now - this.#lastAt >= idleMs) this.#expire('idle_timeout');
  }

  /** The caller left. */
  cancel(): void {
    this.#stop({ reason: 'cancelled', status: this.status, code: 'cancelled' });
  }

  #expire(code: string): void {
    this.#stop({ reason: 'timeout', status: this.status, code });
  }

  #stop(verdict: UpstreamFailure): void {
    if (this.verdict) return;
    this.verdict = verdict;
    this.#controller.abort();
  }
}
