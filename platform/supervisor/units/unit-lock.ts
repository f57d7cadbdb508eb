/** One change of a unit at a time. A second one is refused, instead of waiting without a word. */
export class UnitLock {
  #change: Promise<void> | undefined;

  get isHeld(): boolean {
    return this.#change !== undefined;
  }

  /** @returns undefined when another change holds the lock; else the change, which may reject */
  hold(change: () => Promise<void>): Promise<void> | undefined {
    if (this.#change) return undefined;
    this.#change = change().finally(() => {
      this.#change = undefined;
    });
    return this.#change;
  }

  /** Resolves when no change is under way, however it ended. */
  async released(): Promise<void> {
    await this.#change?.catch(() => {}); // it has reported by itself
  }
}
