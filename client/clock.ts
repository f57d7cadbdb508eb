/** The server's time, whatever the clock of the device says. */
export interface Clock {
  now(): Date;
  /** Learns from the `Date` header of a response. */
  note(headers: Headers): void;
}

/**
 * The newest time heard of is the best one: a header is cut to the second and older when it comes from a cache, and the clock of the
 * page stands still while a device sleeps. Until the first response it is the time of the device.
 */
export function createClock(): Clock {
  let offsetMs: number | undefined;
  return {
    now: () => new Date(offsetMs === undefined ? Date.now() : offsetMs + performance.now()),
    note(headers) {
      const heard = Date.parse(headers.get('date') ?? '') - performance.now();
      if (!Number.isNaN(heard)) offsetMs = Math.max(offsetMs ?? heard, heard);
    },
  };
}
