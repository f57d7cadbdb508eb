import { parseLogLine } from '../../kernel/telemetry/log-line.ts';
import { scrub } from '../../kernel/telemetry/scrub.ts';
import { lineTime } from './line-time.ts';

/** A line of a log as the console shows it. */
export interface ShownLine {
  /** ISO 8601; of a line that does not say, of the line before or behind it. */
  at: string;
  /** Whose log it stands in. */
  unit: string;
  release: string | null;
  /** Null for what a program printed when it could not log any more. */
  level: (typeof logLevels)[number] | null;
  message: string;
  requestId: string | null;
  fields: Record<string, unknown>;
}

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
type Level = (typeof logLevels)[number];

/** Which lines are shown. */
export interface LineFilter {
  /** That, and what is worse. */
  level?: Level | undefined;
  request?: string | undefined;
  /** Somewhere in the message, the request id or the fields as they are shown, in any case. */
  text?: string | undefined;
  /** Milliseconds since 1970. */
  since?: number | undefined;
  until?: number | undefined;
}

const LONGEST_TEXT = 2_000;
const LONGEST_FIELDS = 8_000;

/** Whether a line can be meant, by its request alone: most lines need not be parsed. */
export const mayBeMeant = (line: string, { request }: LineFilter): boolean =>
  request === undefined || line.includes(request);

/** @param at of a line that does not say when it was written, in milliseconds since 1970 */
export function readLine(line: string, unit: string, at: number): ShownLine {
  const time = new Date(lineTime(line) ?? at).toISOString();
  const entry = parseLogLine(line);
  if (!entry) {
    return { at: time, unit, release: null, level: null, message: scrub(line), requestId: null, fields: {} };
  }
  const { level, time: _, message, process: __, release, requestId, ...fields } = entry;
  const known = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, shown(name, value)]));
  // They are no longer than the line that they stand in.
  const isLong = line.length > LONGEST_FIELDS && JSON.stringify(known).length > LONGEST_FIELDS;
  return {
    ...{ at: time, unit, release: textOf(release), level: levelOf(level), message: textOf(message) ?? '' },
    ...{ requestId: textOf(requestId), fields: isLong ? { cut: true } : known },
  };
}

export function isMeant(line: ShownLine, { level, request, text, since, until }: LineFilter): boolean {
  if (level !== undefined && line.level !== null && rank(line.level) < rank(level)) return false;
  if (request !== undefined && line.requestId !== request && line.fields.requestId !== request) return false;
  const at = Date.parse(line.at);
  if ((since !== undefined && at < since) || (until !== undefined && at > until)) return false;
  return text === undefined || hasText(line, text.toLowerCase());
}

/** Only in what is shown: a line that was found by what is hidden in it would confirm a guess of it. */
const hasText = ({ message, requestId, fields }: ShownLine, text: string): boolean =>
  message.toLowerCase().includes(text) ||
  (requestId?.toLowerCase().includes(text) ?? false) ||
  JSON.stringify(fields).toLowerCase().includes(text);

const rank = (level: Level): number => logLevels.indexOf(level);
const levelOf = (level: unknown): Level | null => logLevels.find((each) => each === level) ?? null;
const textOf = (value: unknown): string | null => (typeof value === 'string' ? value.slice(0, LONGEST_TEXT) : null);

/** Messages of errors may repeat what a person wrote, as those of parsers do: they are shown scrubbed. */
function shown(name: string, value: unknown): unknown {
  if (name === 'error' && typeof value === 'object' && value !== null) return shownError(value);
  return typeof value === 'string' ? value.slice(0, LONGEST_TEXT) : value;
}

function shownError(error: object, depth = 0): Record<string, unknown> {
  const { name, message, code, stack, cause } = error as Record<string, unknown>;
  return {
    ...(typeof name === 'string' && { name: scrub(name) }),
    ...(typeof message === 'string' && { message: scrub(message) }),
    ...(typeof code === 'string' && { code }),
    ...(typeof stack === 'string' && { stack: stack.slice(0, LONGEST_TEXT) }),
    ...(typeof cause === 'object' && cause !== null && depth < 3 && { cause: shownError(cause, depth + 1) }),
  };
}
