import { readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;

/** Processor time of this process and of all children that have ended, in seconds (proc(5), fields 14 to 17). */
export function cpuSeconds(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_PER_SECOND;
}
