import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Log } from '../../kernel/log.ts';
import { replaceFile } from '../../kernel/replace-file.ts';
import { createSourcePlaces } from '../release/source-places.ts';
import { createErrorGroups, type ErrorGroup, groupSchema } from './error-groups.ts';
import { positionSchema, readNew, startOfLog } from './follow-log.ts';
import { ERROR_MARKS, type FoundError, readError } from './read-error.ts';

/** What went wrong in all processes, grouped; from their logs, so that no server has to be up for it. */
export interface ErrorLog {
  /** Of all that was logged until now. */
  groups(): Promise<readonly ErrorGroup[]>;
  /** Resolves when all is on disk. */
  stop(): Promise<void>;
}

/** How far the logs were read, and what was found. It is written as a whole, so that each line counts once. */
const stateSchema = z.object({
  positions: z.record(z.string(), positionSchema).default({}),
  groups: z.array(groupSchema).default([]),
});
type State = z.output<typeof stateSchema>;

interface ErrorOptions {
  /** Where the groups are kept; see `errorsPath`. */
  path: string;
  /** The checkout. */
  root: string;
  folders: { logs: string; releases: string };
  /** Whose logs are followed. */
  names(): readonly string[];
  /** What of a unit serves now. */
  releaseOf(unit: string): string | undefined;
  /** Told of each error once it is counted. */
  onError?: ((error: FoundError, group: ErrorGroup) => void) | undefined;
  log: Pick<Log, 'warn'>;
}

export const errorsPath = (home: string) => join(home, 'errors.json');

const LOOK_MS = 2_000;
/** A supervisor that is killed counts what came since again from the logs. */
const WRITE_MS = 10_000;

/** Follows the logs and groups the errors in them. */
export async function startErrors(options: ErrorOptions): Promise<ErrorLog> {
  const { path, root, folders, names, log } = options;
  const state = await readState(path);
  const groups = createErrorGroups(state.groups);
  let written = 0;
  let isChanged = false;

  const count = async (lines: readonly string[], unit: string) => {
    // Made again each time: the maps of bundles take much memory, and errors are rare.
    const inSources = createSourcePlaces(folders.releases);
    const known = new Map<string, string>();
    for (const line of lines) {
      const stack = line.slice(Math.max(0, line.indexOf('"stack"')));
      const mapped = known.get(stack) ?? (await inSources(stack));
      if (known.size < 1_000) known.set(stack, mapped);
      const error = readError(line.slice(0, line.length - stack.length) + mapped, unit, root);
      if (!error) continue;
      error.release ??= releaseIn(line) ?? options.releaseOf(error.unit);
      options.onError?.(error, groups.add(error));
    }
  };

  const follow = async (unit: string) => {
    const path = join(folders.logs, `${unit}.log`);
    const position = state.positions[unit] ?? (await startOfLog(path));
    state.positions[unit] = position;
    for await (const piece of readNew(path, position)) {
      isChanged = true;
      await count(errorLines(piece), unit);
    }
  };
  const unreadable = new Set<string>();
  const look = async () => {
    for (const unit of names()) {
      try {
        await follow(unit);
        unreadable.delete(unit);
      } catch (error) {
        // The logs of the others can be read.
        if (!unreadable.has(unit)) log.warn({ error, unit }, 'Errors: a log cannot be read; it is tried again');
        unreadable.add(unit);
      }
    }
  };
  const write = async (now: number) => {
    if (!isChanged) return;
    written = now;
    isChanged = false;
    groups.forget(now);
    await replaceFile(path, JSON.stringify({ positions: state.positions, groups: groups.all }));
  };

  let looking: Promise<void> = Promise.resolve();
  const soon = (everything = false) => {
    looking = looking
      .then(look)
      .then(async () => {
        if (everything || Date.now() - written >= WRITE_MS) await write(Date.now());
      })
      .catch((error: unknown) => log.warn({ error }, 'Errors: not counted'));
    return looking;
  };
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    void soon().finally(() => {
      busy = false;
    });
  }, LOOK_MS).unref();
  return {
    async groups() {
      await soon();
      return groups.all;
    },
    async stop() {
      clearInterval(timer);
      await soon(true);
    },
  };
}

/** The groups as they were written last, of a platform that may not run. */
export const readErrorGroups = async (path: string): Promise<readonly ErrorGroup[]> => (await readState(path)).groups;

async function readState(path: string): Promise<State> {
  try {
    return stateSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    // Counted from the beginning of what is there.
    return stateSchema.parse({});
  }
}

/** Most lines tell of no error: they are not even decoded. */
function errorLines(piece: Buffer): string[] {
  const lines: string[] = [];
  for (const mark of ERROR_MARKS) {
    for (let at = piece.indexOf(mark); at !== -1; ) {
      const start = piece.lastIndexOf(0x0a, at) + 1;
      const end = piece.indexOf(0x0a, at);
      lines.push(piece.toString('utf8', start, end));
      at = piece.indexOf(mark, end);
    }
  }
  return lines;
}

/** The release that a stack leads through, by the places as they were logged. */
const releaseIn = (line: string): string | undefined => /\/releases\/[^/\s"]+\/([0-9a-f]{6,64})\//.exec(line)?.[1];
