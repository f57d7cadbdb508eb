import { styleText } from 'node:util';

const tones = { debug: 'dim', trace: 'dim', warn: 'yellow', error: 'red', fatal: 'red' } as const;

/** `12:03:04.123 info Request method=GET …` instead of JSON; other lines as they are. */
export function readableLine(line: string): string {
  const entry = parseLogLine(line);
  if (!entry) return line;
  const { level, time, message, process: _, instance: __, ...fields } = entry;
  const shown = Object.entries(fields).map(
    ([key, value]) => `${key}=${typeof value === 'object' ? JSON.stringify(value) : value}`,
  );
  const tone = tones[level as keyof typeof tones];
  return [String(time).slice(11, 23), tone ? styleText(tone, String(level)) : level, message, ...shown].join(' ');
}

/** @returns undefined for what a program printed when it could not log any more */
export function parseLogLine(line: string): Record<string, unknown> | undefined {
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === 'object' && entry !== null && 'level' in entry ? { ...entry } : undefined;
  } catch {
    return undefined;
  }
}
