import { type DestinationStream, type Logger, pino } from 'pino';
import { readableLine } from './telemetry/log-line.ts';

export type Log = Logger;

export interface LogOptions {
  level: string;
  /** On every line: which process this is. */
  fields?: Record<string, string>;
  /** Standard output unless told. */
  output?: DestinationStream | undefined;
  /** Lines for people instead of JSON. */
  isReadable?: boolean;
}

/** Lines on standard output, JSON unless told otherwise. Nothing a user wrote or uploaded belongs in a log. */
export function createLog({ level, fields = {}, output, isReadable = false }: LogOptions): Log {
  const options = {
    level,
    base: fields,
    messageKey: 'message',
    timestamp: timeField(),
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { error: describeError },
  };
  const lines = output ?? standardOutput();
  return pino(options, isReadable ? { write: (line) => lines.write(`${readableLine(line.trimEnd())}\n`) } : lines);
}

/** The field that a line says its time in, ISO 8601 in UTC; writing the second of it is left out while it is the same. */
function timeField(): () => string {
  let second = Number.NaN;
  let words = '';
  return () => {
    const now = Date.now();
    const ms = now % 1000;
    if (now - ms !== second) {
      second = now - ms;
      words = `,"time":"${new Date(second).toISOString().slice(0, -4)}`;
    }
    return `${words}${String(ms).padStart(3, '0')}Z"`;
  };
}

const WAITING_BYTES = 1024 ** 2;
/** Lines of one turn of the event loop that are written at once, in characters. */
const TOGETHER = 16_384;

/**
 * Lines of one turn of the event loop are written together at its end, or when the process exits: under load, one write a line cost more
 * than making it. On a full disk a megabyte of lines waits for room and the rest is lost; without this, logging would end the process.
 */
export function standardOutput(): DestinationStream {
  const output = pino.destination({ dest: 1, sync: true, maxLength: WAITING_BYTES });
  output.on('error', () => {});
  let lines = '';
  const flush = () => {
    if (lines === '') return;
    const written = lines;
    lines = '';
    output.write(written);
  };
  process.on('exit', flush);
  return {
    write(line) {
      if (lines === '') setImmediate(flush);
      lines += line;
      if (lines.length > TOGETHER) flush();
    },
  };
}

/** DEBUG lowers the level only where LOG_LEVEL was left at its default. */
export const logLevel = (environment: { LOG_LEVEL: string; DEBUG: boolean }): string =>
  environment.DEBUG && environment.LOG_LEVEL === 'info' ? 'debug' : environment.LOG_LEVEL;

interface ErrorFields {
  name: string;
  message: string;
  code?: string;
  stack?: string | undefined;
  cause?: ErrorFields;
}

/** SQLSTATE class 22: the database did not take a value, and its message repeats the value. */
const dataException = /^22[0-9A-Z]{3}$/;

/**
 * An error as log fields. The query builder puts statements with all their parameters, users' words included, into
 * its messages, so only the database's own message below it is kept, unless that one repeats a value.
 */
export function describeError(error: unknown): ErrorFields {
  if (!(error instanceof Error)) return { name: 'NonError', message: typeof error };
  const isQuery = 'query' in error && 'params' in error;
  const { code } = error as { code?: unknown };
  const isValue = typeof code === 'string' && dataException.test(code);
  const stack = error.stack?.split('\n').filter((line) => line.startsWith('    at '));
  return {
    name: error.name,
    message: isQuery ? 'Query failed' : isValue ? 'Value not accepted' : error.message,
    ...(typeof code === 'string' && { code }),
    ...(!isQuery && { stack: stack?.slice(0, 5).join('\n') }),
    ...(error.cause !== undefined && { cause: describeError(error.cause) }),
  };
}
