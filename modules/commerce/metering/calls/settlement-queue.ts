import { isDatabaseAway } from '../../../../db/is-away.ts';

export interface SettlementQueue<Item> {
  push(organizationId: string, item: Item): void;
  /** Resolves when all that waits is written. @throws when the database is unavailable; what waits stays. */
  flush(): Promise<void>;
}

export interface SettlementQueueOptions<Item> {
  /** Writes items of one organization; again after a failure, so that twice must be as once. */
  write(organizationId: string, items: Item[]): Promise<void>;
  /** They need no retry any more: written, or given up. */
  onEnded(items: readonly Item[]): void;
  /** The database refused an item by itself, which no retry changes. */
  onRefused(error: unknown): void;
}

/** What has ended waits for this long for more of its organization. */
const WAIT_MS = 30;
const MOST = 64;
/** Organizations that are written at the same time, so that requests find a connection. */
const AT_ONCE = 2;
const RETRY_MS = 500;
/** A deadlock, or a transaction that could not be serialized. */
const repeatable = ['40P01', '40001'];

const isRetryable = (error: unknown): boolean =>
  isDatabaseAway(error) || repeatable.includes((error as { code?: string }).code ?? '');

/** Collects what has ended, by organization, and writes it in batches. */
export function createSettlementQueue<Item>(options: SettlementQueueOptions<Item>): SettlementQueue<Item> {
  const { write, onEnded, onRefused } = options;
  const waiting = new Map<string, Item[]>();
  const working = new Map<string, Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  let restsUntil = 0;

  async function work(organizationId: string, items: Item[]): Promise<void> {
    while (items.length > 0) {
      const batch = items.slice(0, MOST);
      try {
        await write(organizationId, batch);
      } catch (error) {
        if (isRetryable(error)) throw error;
        await writeSingly(organizationId, batch);
      }
      items.splice(0, batch.length);
      onEnded(batch);
    }
    waiting.delete(organizationId);
  }

  async function writeSingly(organizationId: string, batch: Item[]): Promise<void> {
    for (const item of batch) {
      await write(organizationId, [item]).catch((error: unknown) => {
        if (isRetryable(error)) throw error;
        onRefused(error);
      });
    }
  }

  function start(organizationId: string, items: Item[]): Promise<void> {
    const begun =
      working.get(organizationId) ?? work(organizationId, items).finally(() => working.delete(organizationId));
    working.set(organizationId, begun);
    return begun;
  }

  function startAll(): void {
    if (Date.now() < restsUntil) {
      later(RETRY_MS);
      return;
    }
    for (const [organizationId, items] of waiting) {
      if (working.size >= AT_ONCE) break;
      if (!working.has(organizationId)) void start(organizationId, items).then(startAll, rest);
    }
  }

  function rest(): void {
    restsUntil = Date.now() + RETRY_MS;
    later(RETRY_MS);
  }

  function later(ms: number): void {
    timer ??= setTimeout(() => {
      timer = undefined;
      startAll();
    }, ms);
  }

  return {
    push(organizationId, item) {
      const items = waiting.get(organizationId);
      if (items) items.push(item);
      else waiting.set(organizationId, [item]);
      if ((items?.length ?? 1) >= MOST) startAll();
      else later(WAIT_MS);
    },
    async flush() {
      clearTimeout(timer);
      timer = undefined;
      while (waiting.size > 0) {
        await Promise.all(
          [...waiting].slice(0, AT_ONCE).map(([organizationId, items]) => start(organizationId, items)),
        );
      }
    },
  };
}
