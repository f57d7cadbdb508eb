import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again and again until the answer is not undefined. @throws when the time is over */
export async function until<T>(what: string, look: () => Promise<T | undefined>, seconds = 60): Promise<T> {
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(50);
  }
  throw new Error(`Wait for ${what}: not within ${seconds} s`);
}
