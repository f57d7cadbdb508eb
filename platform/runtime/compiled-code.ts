import { flushCompileCache } from 'node:module';

const AFTER_MS = 1_000;

/** Writes soon what was compiled, which Node does only when a process ends in good order: the next start is quick after a kill, too. */
export function keepCompiledCode(): void {
  setTimeout(flushCompileCache, AFTER_MS).unref();
}
