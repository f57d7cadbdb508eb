import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChangeEvent, Report } from '../control/contract.ts';

/** What a change is about; a backup is about no unit. */
export interface AskedChange {
  unit: string;
  action: string;
  /** Who asked for it. */
  by: string;
}

/** A change with its id, and how it ended; null while it is under way. */
export interface BegunChange extends AskedChange {
  id: string;
  startedAt: string;
  ok: boolean | null;
}

/** A line of the answer that follows a change; the last one has no event. */
export type ChangeLine = { number: number; event: ChangeEvent } | { ok: boolean };

/** Changes that continue without a reader. Those of an earlier supervisor are not known. */
export interface Changes {
  /** @returns undefined when another change of the unit is under way */
  begin(asked: AskedChange, work: (report: Report) => Promise<boolean>): BegunChange | undefined;
  find(id: string): BegunChange | undefined;
  /** Those under way. */
  running(): BegunChange[];
  /** Events behind this number, as they come, until the change or the signal ends. Undefined is a sign of life. */
  follow(id: string, after: number, signal: AbortSignal): AsyncGenerator<ChangeLine | undefined>;
  /** Why the last change of a unit failed; undefined when one has succeeded since. */
  failureOf(unit: string): { at: string; message: string } | undefined;
}

interface KeptChange {
  change: BegunChange;
  events: ChangeEvent[];
  /** Resolves with the next event, or the end. */
  next: PromiseWithResolvers<void>;
}

const MOST_KEPT = 200;
const MOST_EVENTS = 2_000;
const ALIVE_MS = 5_000;

export function createChanges(): Changes {
  const kept = new Map<string, KeptChange>();
  const failures = new Map<string, { at: string; message: string }>();
  const running = () => [...kept.values()].filter(({ change }) => change.ok === null);

  const add = (each: KeptChange, event: ChangeEvent) => {
    if (each.events.length < MOST_EVENTS) each.events.push(event);
    if (event.step === 'failed' || event.step === 'restored') {
      const message = [event.message, event.log].filter(Boolean).join('\n');
      failures.set(each.change.unit, { at: new Date().toISOString(), message });
    }
    wake(each);
  };
  const forget = () => {
    for (const [id, { change }] of kept) {
      if (kept.size <= MOST_KEPT) return;
      if (change.ok !== null) kept.delete(id);
    }
  };

  return {
    begin(asked, work) {
      if (running().some(({ change }) => change.unit === asked.unit)) return undefined;
      const change: BegunChange = { ...asked, id: randomUUID(), startedAt: new Date().toISOString(), ok: null };
      const each: KeptChange = { change, events: [], next: Promise.withResolvers() };
      kept.set(change.id, each);
      forget();
      const report: Report = (event) => add(each, event);
      void Promise.resolve()
        .then(() => work(report))
        .catch((error: Error) => {
          report({ unit: asked.unit, step: 'failed', message: error.message });
          return false;
        })
        .then((ok) => {
          change.ok = ok;
          if (ok) failures.delete(asked.unit);
          wake(each);
        });
      return change;
    },
    find: (id) => kept.get(id)?.change,
    running: () => running().map(({ change }) => change),
    async *follow(id, after, signal) {
      const each = kept.get(id);
      if (!each) return;
      let number = after;
      while (!signal.aborted) {
        const { change, events, next } = each;
        while (number < events.length) {
          number++;
          yield { number, event: events[number - 1] as ChangeEvent };
        }
        if (change.ok !== null && number >= events.length) {
          yield { ok: change.ok };
          return;
        }
        if (next === each.next && !(await within(next.promise, signal))) yield undefined;
      }
    },
    failureOf: (unit) => failures.get(unit),
  };
}

function wake(each: KeptChange): void {
  each.next.resolve();
  each.next = Promise.withResolvers();
}

/** Whether it came before a sign of life was due. */
async function within(promise: Promise<void>, signal: AbortSignal): Promise<boolean> {
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const waited = sleep(ALIVE_MS, false, { signal: either, ref: false }).catch(() => false);
  try {
    return await Promise.race([promise.then(() => true), waited]);
  } finally {
    over.abort();
  }
}
