import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Lets calls for one key wait while another is under way, and go together with the next: a row that all of them lock
 * is then locked once for many, and the busiest organization is not bound to one commit a request. Calls of the same turn of the event
 * loop go together from the beginning: under load many arrive with one read of a connection.
 * @param run gets at most `most` items of one key and returns one result for each, in order
 */
export function coalesce<Item, Result>(
  run: (key: string, items: Item[]) => Promise<Result[]>,
  most: number,
): (key: string, item: Item) => Promise<Result> {
  interface Waiting {
    item: Item;
    resolve(result: Result): void;
    reject(error: unknown): void;
  }
  const queues = new Map<string, Waiting[]>();

  async function work(key: string, queue: Waiting[]): Promise<void> {
    await nextTurn();
    while (queue.length > 0) {
      const batch = queue.splice(0, most);
      try {
        const results = await run(
          key,
          batch.map(({ item }) => item),
        );
        for (const [index, { resolve }] of batch.entries()) resolve(results[index] as Result);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    queues.delete(key);
  }

  return (key, item) =>
    new Promise((resolve, reject) => {
      const waiting = { item, resolve, reject };
      const queue = queues.get(key);
      if (queue) {
        queue.push(waiting);
        return;
      }
      const begun = [waiting];
      queues.set(key, begun);
      void work(key, begun);
    });
}
