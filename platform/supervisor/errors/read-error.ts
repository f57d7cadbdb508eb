import { z } from 'zod';
import { scrub } from '../../kernel/telemetry/scrub.ts';

/** One error, without a word of a user's. */
export interface FoundError {
  unit: string;
  /** The slug of a problem, or the name of an error with its code: `PostgresError 42P01`. */
  name: string;
  /** Name of the error itself, without its code. */
  type: string;
  /** The first frame in the sources of this platform; undefined where the stack has none. */
  frame: Frame | undefined;
  frames: Frame[];
  release: string | undefined;
  at: string;
  isFatal: boolean;
  /** What was tried and what went wrong, scrubbed. */
  example: string;
}

export interface Frame {
  /** Function, or `<anonymous>`. */
  name: string;
  /** From the root of the checkout; of a library from `node_modules`. */
  file: string;
  line: number;
  isOwn: boolean;
}

interface LoggedError {
  name: string;
  message: string;
  code?: string | undefined;
  stack?: string | undefined;
  cause?: LoggedError | undefined;
}

const errorSchema: z.ZodType<LoggedError> = z.lazy(() =>
  z.object({
    name: z.string(),
    message: z.string(),
    code: z.string().optional(),
    stack: z.string().optional(),
    cause: errorSchema.optional().catch(undefined),
  }),
);

const lineSchema = z.object({
  level: z.enum(['error', 'fatal']),
  time: z.iso.datetime(),
  message: z.string().default(''),
  unit: z.string().optional(),
  service: z.string().optional(),
  release: z.string().optional(),
  problem: z.string().optional(),
  end: z.string().optional(),
  error: errorSchema.optional().catch(undefined),
});

/** A line that has none of these tells of no error. */
export const ERROR_MARKS = ['"level":"error"', '"level":"fatal"'] as const;

const MOST_NAME = 80;

/**
 * Reads an error out of a line of a log; undefined for a line that tells of none.
 * @param line JSON with places in sources, see `createSourcePlaces`
 * @param unit whose log it stands in; the supervisor's lines name the unit that they are about
 * @param root the checkout
 */
export function readError(line: string, unit: string, root: string): FoundError | undefined {
  const { data: entry } = lineSchema.safeParse(parse(line));
  if (!entry) return undefined;
  const { error, problem, message } = entry;
  const thrown = error && innermostNamed(error);
  const frames = framesOf(error, root);
  const known = problem !== undefined && problem !== 'internal' ? problem : undefined;
  const name = known ?? (thrown ? [thrown.name, thrown.code].filter(Boolean).join(' ') : message);
  return {
    unit: entry.unit ?? unit,
    name: scrub(name).slice(0, MOST_NAME),
    type: scrub(thrown?.name ?? known ?? message).slice(0, MOST_NAME),
    frame: frames.find(({ isOwn }) => isOwn),
    frames,
    release: entry.release,
    at: entry.time,
    isFatal: entry.level === 'fatal',
    example: scrub(
      [message, ...causes(error), ...(error ? [] : [entry.end ?? entry.service ?? ''])].filter(Boolean).join(': '),
    ),
  };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // what a program prints when it cannot log any more
  }
}

/** The error that says what is the case: queries and problems wrap what made them fail. */
function innermostNamed(error: LoggedError): LoggedError {
  const isWrapper = error.message === 'Query failed' || error.name === 'Problem' || error.name === 'Error';
  return isWrapper && error.cause ? innermostNamed(error.cause) : error;
}

function causes(error: LoggedError | undefined, depth = 0): string[] {
  if (!error || depth === 3) return [];
  const name = [error.name, error.code].filter(Boolean).join(' ');
  return [`${name}: ${error.message}`, ...causes(error.cause, depth + 1)];
}

const frameLine = /^ *at (?:async )?(?:(.*) \()?(?:async )?(.+):(\d+):\d+\)?$/;

/** Those of the error, or of the first cause that has one. */
function framesOf(error: LoggedError | undefined, root: string): Frame[] {
  if (!error) return [];
  const frames = (error.stack ?? '').split('\n').flatMap((line): Frame[] => {
    const [, name = '<anonymous>', written = '', at] = frameLine.exec(line) ?? [];
    if (at === undefined || written.startsWith('node:')) return [];
    const path = written.replace(/^file:\/\//, '');
    const file = path.startsWith(`${root}/`)
      ? path.slice(root.length + 1)
      : path.replace(/^.*\/releases\/[^/]+\/[^/]+\//, '');
    const library = file.lastIndexOf('node_modules/');
    const isOwn = library === -1 && !file.startsWith('/');
    return [{ name, file: library === -1 ? file : file.slice(library), line: Number(at), isOwn }];
  });
  return frames.some(({ isOwn }) => isOwn) || !error.cause ? frames : [...frames, ...framesOf(error.cause, root)];
}
