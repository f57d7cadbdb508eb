export interface LetIn {
  passed: number;
  /** What may have passed at most: a minute's requests, and those that followed in the time that it took. */
  most: number;
  /** Statuses of the others. */
  refusals: number[];
}

const AT_ONCE = 4;

/**
 * Sends three times as many requests as a minute lets in, for one account after the other until no more than that have passed. Redis has 50 ms
 * for an answer, and the database 40 after it: where a machine is too busy for that, other buckets let some more in, now and then.
 * Processes that counted apart would let in too many each time.
 * @param senders of one account each, resolve with the status of an answer @returns how it was with the last of them
 */
export async function letIn(perMinute: number, senders: readonly (() => Promise<number>)[]): Promise<LetIn> {
  let result: LetIn = { passed: 0, most: 0, refusals: [] };
  for (const sender of senders) {
    const began = Date.now();
    const statuses: number[] = [];
    let left = 3 * perMinute;
    const inTurn = async () => {
      while (left-- > 0) statuses.push(await sender());
    };
    await Promise.all(Array.from({ length: AT_ONCE }, inTurn));
    const flowedIn = Math.ceil(((Date.now() - began) * perMinute) / 60_000);
    const refused = statuses.filter((status) => status !== 200);
    const passed = statuses.length - refused.length;
    result = { passed, most: perMinute + flowedIn, refusals: [...new Set(refused)] };
    if (passed <= result.most) break;
  }
  return result;
}
