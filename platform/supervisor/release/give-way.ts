import { readFileSync } from 'node:fs';
import { readEnvironment } from '../../kernel/environment.ts';
import { BUILD_NICENESS } from '../../kernel/variables.ts';

/**
 * A command that takes the processor only where nothing that serves wants it, with all that it starts. Linux shares time between sessions
 * first and looks at the niceness of processes within one (sched_autogroup), so that the session becomes nice as well: it has to be one of
 * the command's own (`detached`).
 * @param options.isOnOneProcessor whatever it starts shares one processor, and learns of no other
 */
export function givingWay(command: string, args: readonly string[], { isOnOneProcessor = false } = {}) {
  const { BUILD_NICENESS: nice } = readEnvironment([BUILD_NICENESS], process.env);
  const processor = isOnOneProcessor ? lastProcessor() : undefined;
  // Where a system knows neither of the two, the command runs without.
  const held = processor === undefined ? '' : ` taskset -c -p ${processor} $$ >&2;`;
  const script = `{ echo ${nice} >/proc/self/autogroup;${held} } 2>/dev/null; exec nice -n ${nice} "$@"`;
  return { command: 'sh', args: ['-c', script, 'sh', command, ...args] };
}

/** Of those that this process may use; undefined where the system does not tell. */
function lastProcessor(): string | undefined {
  try {
    const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    return list?.split(/[-,]/).at(-1);
  } catch {
    return undefined;
  }
}

/** Does one work after the other. */
export type Turns = <T>(work: () => Promise<T>) => Promise<T>;

/** Builds of all kinds wait for each other: two at once take twice the memory. */
export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => {}); // whose turn it was hears of it
    return mine;
  };
}
