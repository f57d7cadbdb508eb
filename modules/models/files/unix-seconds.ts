/** Seconds since 1970, as OpenAI's clients know times. */
export const unixSeconds = <Time extends Date | null>(time: Time) =>
  (time === null ? null : Math.floor(time.getTime() / 1000)) as Time extends Date ? number : null;
