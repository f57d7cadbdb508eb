import { randomInt } from 'node:crypto';
import { isFree } from '../edge/ports.ts';

/** A port that nothing listens at, below those that the kernel gives to connections: one of these could take it first. */
export async function freePort(): Promise<number> {
  const port = randomInt(20_000, 32_000);
  return (await isFree(port)) ? port : freePort();
}
