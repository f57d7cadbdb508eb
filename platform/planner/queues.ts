/**
 * Waiting lines with several places and one queue (M/M/n): requests arrive by chance, and the time of each varies by chance. Erlang's
 * formulas give how often a request waits and how long. Where the time is always the same, waits are about half as long.
 */

/** What arrives at a queue in an hour, and how many are served at a time. */
export interface Arrivals {
  perHour: number;
  /** Mean time that serving one takes. */
  seconds: number;
  slots: number;
}

/** The steady state of a queue; waits are null where it never catches up. */
export interface QueueFigures {
  /** Slots that would be busy all the time (erlang). */
  offered: number;
  utilization: number;
  isStable: boolean;
  /** Share of requests that wait at all. */
  waitProbability: number | null;
  /** Of all requests, those that do not wait among them. */
  meanWaitSeconds: number | null;
  /** Requests that wait at a time. */
  meanWaiting: number | null;
  /** What all slots serve in an hour without a pause. */
  capacityPerHour: number;
  /** What they serve at 70 % of it, which leaves room for bursts. */
  sensiblePerHour: number;
}

const HOUR_SECONDS = 3_600;
const SENSIBLE_SHARE = 0.7;
/** More slots are looked for in vain: no host and no provider has them. */
const MOST_SLOTS = 100_000;

export const offeredLoad = (perHour: number, seconds: number): number => (perHour * seconds) / HOUR_SECONDS;

/** Share of requests that find all slots busy where none may wait. @param offered erlang */
export function erlangB(slots: number, offered: number): number {
  let blocked = 1;
  for (let k = 1; k <= slots; k++) blocked = (offered * blocked) / (k + offered * blocked);
  return blocked;
}

/** Share of requests that wait; 1 where the queue never catches up. */
export const erlangC = (slots: number, offered: number): number => waiting(erlangB(slots, offered), slots, offered);

function waiting(blocked: number, slots: number, offered: number): number {
  if (offered >= slots) return 1;
  return blocked / (1 - (offered / slots) * (1 - blocked));
}

export function queueFigures({ perHour, seconds, slots }: Arrivals): QueueFigures {
  const offered = offeredLoad(perHour, seconds);
  const capacityPerHour = (slots * HOUR_SECONDS) / seconds;
  const common = {
    ...{ offered, utilization: offered / slots, isStable: offered < slots },
    ...{ capacityPerHour, sensiblePerHour: SENSIBLE_SHARE * capacityPerHour },
  };
  if (!common.isStable) return { ...common, waitProbability: null, meanWaitSeconds: null, meanWaiting: null };
  const waitProbability = erlangC(slots, offered);
  const meanWaitSeconds = (waitProbability * seconds) / (slots - offered);
  return { ...common, waitProbability, meanWaitSeconds, meanWaiting: (perHour / HOUR_SECONDS) * meanWaitSeconds };
}

/** Share of requests that wait longer than `target` seconds; 1 where the queue never catches up. */
export const shareAbove = ({ perHour, seconds, slots }: Arrivals, target: number): number =>
  above(erlangB(slots, offeredLoad(perHour, seconds)), { perHour, seconds, slots }, target);

function above(blocked: number, { perHour, seconds, slots }: Arrivals, target: number): number {
  const offered = offeredLoad(perHour, seconds);
  if (offered >= slots) return 1;
  return waiting(blocked, slots, offered) * Math.exp((-(slots - offered) * target) / seconds);
}

/** The fewest slots with which at most `share` of requests wait longer than `target` seconds; null beyond 100,000. */
export function slotsFor(perHour: number, seconds: number, target: number, share: number): number | null {
  const offered = offeredLoad(perHour, seconds);
  if (offered >= MOST_SLOTS) return null;
  let blocked = 1;
  for (let slots = 1; slots <= MOST_SLOTS; slots++) {
    blocked = (offered * blocked) / (slots + offered * blocked);
    if (above(blocked, { perHour, seconds, slots }, target) <= share) return slots;
  }
  return null;
}

const STEPS = 60;

/** Arrivals an hour at which `length` requests wait on average. */
export function perHourAtLength(length: number, seconds: number, slots: number): number {
  let [low, high] = [0, (slots * HOUR_SECONDS) / seconds];
  for (let step = 0; step < STEPS; step++) {
    const perHour = (low + high) / 2;
    const { meanWaiting } = queueFigures({ perHour, seconds, slots });
    if (meanWaiting === null || meanWaiting > length) high = perHour;
    else low = perHour;
  }
  return low;
}

/** When the last of so many that press at once is done, and when they are on average. */
export function burst(requests: number, seconds: number, slots: number): { lastSeconds: number; meanSeconds: number } {
  const rounds = Math.floor(requests / slots);
  const rest = requests % slots;
  const sum = seconds * ((slots * rounds * (rounds + 1)) / 2 + rest * (rounds + 1));
  return { lastSeconds: Math.ceil(requests / slots) * seconds, meanSeconds: requests === 0 ? 0 : sum / requests };
}
