const TICK_MS = 250;

/** Something with deadlines. */
export interface Watched {
  /** @param now by `performance.now()` */
  tick(now: number): void;
}

/** Looks at all deadlines four times a second: one timer for any number of streams, which are ended up to 250 ms late. */
export class Wheel {
  readonly #watched = new Set<Watched>();
  #timer: NodeJS.Timeout | undefined;

  add(watched: Watched): void {
    this.#watched.add(watched);
    this.#timer ??= setInterval(() => this.#turn(), TICK_MS).unref();
  }

  delete(watched: Watched): void {
    this.#watched.delete(watched);
    if (this.#watched.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #turn(): void {
    const now = performance.now();
    for (const watched of this.#watched) watched.tick(now);
  }
}
