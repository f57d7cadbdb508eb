import type { Visit } from './chaos-traffic.ts';

/** A part of the platform that was killed; times are milliseconds of `performance.now()`. */
export interface Outage {
  part: string;
  from: number;
  /** When it was seen to answer again. */
  until: number;
}

/** Requests that were under way when a part came back may still meet its end. */
const GRACE_MS = 1_000;

/** The outage that a failed request must have met: one of a part it needs, while that was away. */
const causeOf = ({ needs, began, ended }: Visit, outages: readonly Outage[]): Outage | undefined =>
  outages.find(({ part, from, until }) => needs.includes(part) && from <= ended && began <= until + GRACE_MS);

/** Requests that failed although everything they need was there. */
export const unexplained = (visits: readonly Visit[], outages: readonly Outage[]): Visit[] =>
  visits.filter((visit) => visit.failure !== undefined && !causeOf(visit, outages));

/** A line for each kind of outage: how often, how long until the first success, and what it cost the clients. */
export function outageTable(visits: readonly Visit[], outages: readonly Outage[]): string {
  const failed = visits.filter(({ failure }) => failure !== undefined);
  const parts = [...new Set(outages.map(({ part }) => part))].toSorted();
  return parts
    .map((part) => {
      const own = outages.filter((outage) => outage.part === part);
      const times = own.map(({ from, until }) => Math.round(until - from)).toSorted((a, b) => a - b);
      const cost = failed.filter((visit) => own.includes(causeOf(visit, outages) as Outage)).length;
      const median = times[Math.floor((times.length - 1) / 2)];
      return `  ${part.padEnd(24)} ${own.length} times, back after ${median} ms (most ${times.at(-1)} ms), ${cost} requests failed`;
    })
    .join('\n');
}
