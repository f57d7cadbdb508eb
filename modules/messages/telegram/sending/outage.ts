/** How long Telegram has not been reached, for one process. */
export interface Outage {
  /** @returns milliseconds until it is worth another try; longer each time */
  failed(): number;
  ended(): void;
}

const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;

export function createOutage(): Outage {
  let waitMs = FIRST_MS;
  let raisedAt = 0;
  return {
    failed() {
      // Of chats that fail together each would double it.
      if (Date.now() - raisedAt > waitMs / 2) {
        raisedAt = Date.now();
        waitMs = Math.min(waitMs * 2, LONGEST_MS);
      }
      return waitMs;
    },
    ended() {
      waitMs = FIRST_MS;
    },
  };
}
