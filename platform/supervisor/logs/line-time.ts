/** When a line was written, in milliseconds since the epoch; undefined for one that does not say, as those of a stack. */
export function lineTime(line: string): number | undefined {
  for (const [pattern, read] of forms) {
    const found = pattern.exec(line)?.[1];
    const time = found === undefined ? Number.NaN : read(found);
    if (!Number.isNaN(time)) return time;
  }
  return undefined;
}

/** All write in UTC. */
const forms: [RegExp, (text: string) => number][] = [
  // Our own.
  [/^\{.*?"time":"([^"]+)"/, Date.parse],
  // Caddy.
  [/^\{.*?"ts":(\d+(?:\.\d+)?)/, (text) => Number(text) * 1_000],
  // PostgreSQL.
  [/^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?) UTC /, (text) => Date.parse(`${text.replace(' ', 'T')}Z`)],
  // Redis.
  [/^\d+:\w (\d\d \w{3} \d{4} \d\d:\d\d:\d\d)/, (text) => Date.parse(`${text} UTC`)],
];
