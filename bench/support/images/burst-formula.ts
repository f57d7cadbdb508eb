/**
 * Seconds until the last of so many people is served who all ask at once, and on average: n places, each of which takes s seconds for
 * one. With U = k · n + r the mean is s · (n · k (k + 1) / 2 + r (k + 1)) / U.
 */
export function burstSeconds(people: number, places: number, each: number): { last: number; mean: number } {
  const whole = Math.floor(people / places);
  const rest = people % places;
  const waited = (places * whole * (whole + 1)) / 2 + rest * (whole + 1);
  return { last: Math.ceil(people / places) * each, mean: (each * waited) / people };
}
