import { text } from 'node:stream/consumers';

/** Set in a process that shall load its code and then wait, see `supervisor/process/warm-process.ts`. */
export const standByVariable = 'PANDECT_STAND_BY';

/**
 * Waits, in a process that was started ahead of its time, until it is told to begin. It has its code by then, and its
 * settings, log and figures, but neither connections nor a socket. When the process that started it is gone without a
 * word, so is the process.
 */
export async function standBy(): Promise<void> {
  if (process.env[standByVariable] === undefined) return;
  delete process.env[standByVariable];
  if ((await text(process.stdin)) === '') process.exit(0);
}
