/** Two clocks: that of the calendar, which people and `ntpd` set, and one that only goes forward. */
export interface Clock {
  /** Milliseconds since 1970. */
  wall(): number;
  /** Began with the calendar and never jumps: what is so for minutes, and when something is due, goes by it. Milliseconds. */
  steady(): number;
}

export function systemClock(): Clock {
  const start = Date.now() - performance.now();
  return { wall: Date.now, steady: () => start + performance.now() };
}
