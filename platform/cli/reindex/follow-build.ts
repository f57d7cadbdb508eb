import { setTimeout as sleep } from 'node:timers/promises';
import type { LiveLine } from '../live-line.ts';
import type { GenerationRow } from '../operator-answers.ts';
import { duration } from '../quantities.ts';

const LOOK_MS = 500;
/** Documents take seconds; longer without one means that somebody should look. */
const STILL_MS = 120_000;

/** Milliseconds until all is done at the pace so far; undefined before there is one. */
export function timeLeft(begun: { done: number; ms: number }, now: { done: number; total: number; ms: number }) {
  const done = now.done - begun.done;
  return done > 0 ? ((now.total - now.done) * (now.ms - begun.ms)) / done : undefined;
}

/** Shows how a build continues until it is live. @throws when it is given up in the meantime */
export async function followBuild(
  desk: { list(): Promise<GenerationRow[]> },
  generation: number,
  line: LiveLine | undefined,
): Promise<GenerationRow> {
  const began = performance.now();
  let first: GenerationRow | undefined;
  let seen = { done: -1, at: began };
  for (;;) {
    const row = (await desk.list()).find((candidate) => candidate.generation === generation);
    if (!row) throw new Error(`Build index ${generation}: it was given up`);
    first ??= row;
    const now = performance.now();
    if (row.state === 'live' && row.done === row.total) return row;
    line?.show(describeProgress(row, timeLeft({ done: first.done, ms: began }, { ...row, ms: now })));
    if (row.done !== seen.done) seen = { done: row.done, at: now };
    else if (now - seen.at > STILL_MS) {
      seen.at = now;
      line?.print(`Nothing has moved for ${duration(STILL_MS)}: pandect ps and pandect logs reindex may tell why`);
    }
    await sleep(LOOK_MS);
  }
}

/** `index 2: 120 of 4,000 documents, about 5 min 10 s left` */
export function describeProgress({ generation, state, done, total }: GenerationRow, left: number | undefined): string {
  const counted = `index ${generation}: ${done.toLocaleString('en')} of ${total.toLocaleString('en')} documents`;
  if (done === total && state !== 'live') return `${counted}, verifying`;
  return left === undefined ? counted : `${counted}, about ${duration(left)} left`;
}
