import { text } from 'node:stream/consumers';

/** Set in a process that shall get ready and then wait, see `supervisor/process/warm-process.ts`. */
export const standByVariable = 'PANDECT_STAND_BY';

/** Idle connections to the database are given back after 30 seconds, see `db/pool.ts`. */
const LOOK_MS = 20_000;

/**
 * Waits, in a process that was started ahead of its time, until it is told to begin. A function has its connections by then and lacks
 * only its socket; a worker has loaded its code. When the process that started it is gone without a word, so is the process.
 * @param look uses what the process is connected to, now and then, so that it stays connected; it may fail
 */
export async function standBy(look: () => Promise<void> = async () => {}, lookMs: number = LOOK_MS): Promise<void> {
  if (process.env[standByVariable] === undefined) return;
  delete process.env[standByVariable];
  const looking = setInterval(() => void look().catch(() => {}), lookMs);
  const told = await text(process.stdin);
  clearInterval(looking);
  if (told === '') process.exit(0);
}
