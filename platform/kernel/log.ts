import { type DestinationStream, type Logger, pino } from 'pino';

export type Log = Logger;

export interface LogOptions {
  level: string;
  /** On every line: which process this is. */
  fields?: Record<string, string>;
  /** Standard output unless told. */
  output?: DestinationStream | undefined;
}

/** JSON lines on standard output. Nothing a user wrote or uploaded belongs in a log. */
export function createLog({ level, fields = {}, output }: LogOptions): Log {
  const options = {
    level,
    base: fields,
    messageKey: 'message',
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { error: describeError },
  };
  return output ? pino(options, output) : pino(options);
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

/**
 * An error as log fields. The query builder puts statements with all their parameters, users' words included, into
 * its messages, so only the database's own message below it is kept.
 */
export function describeError(error: unknown): ErrorFields {
  if (!(error instanceof Error)) return { name: 'NonError', message: typeof error };
  const isQuery = 'query' in error && 'params' in error;
  const code = (error as { code?: unknown }).code;
  return {
    name: error.name,
    message: isQuery ? 'Query failed' : error.message,
    ...(typeof code === 'string' && { code }),
    ...(!isQuery && { stack: error.stack?.split('\n').slice(1, 6).join('\n') }),
    ...(error.cause !== undefined && { cause: describeError(error.cause) }),
  };
}
