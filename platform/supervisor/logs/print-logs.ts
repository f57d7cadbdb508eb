import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { readEnvironment } from '../../kernel/environment.ts';
import { type Log, standardOutput } from '../../kernel/log.ts';
import { LOG_STDOUT } from '../../kernel/variables.ts';
import { type LogPosition, readNew } from '../errors/follow-log.ts';
import type { LiveSettings } from '../settings.ts';
import { listParts, logNames } from './log-parts.ts';

interface Printing {
  /** Where the logs lie. */
  folder: string;
  output: { write(lines: string): void };
  log: Pick<Log, 'warn'>;
  lookMs?: number;
}

const LOOK_MS = 500;
/** It prints by itself. */
const OWN = 'supervisor';

/**
 * Repeats what processes append to their logs from now on, for a container engine that takes the output of the supervisor alone. The files
 * stay what is rotated and read. Each line is JSON; one that is not, as of a process that crashed, becomes the message of one.
 */
export async function startLogPrinting({
  folder,
  output,
  log,
  lookMs = LOOK_MS,
}: Printing): Promise<{ stop(): Promise<void> }> {
  const positions = new Map<string, LogPosition>();
  for (const name of await namesIn(folder)) positions.set(name, await endOf(join(folder, `${name}.log`)));

  const look = async () => {
    for (const name of await namesIn(folder)) {
      const position = positions.get(name) ?? { part: '', offset: 0 };
      positions.set(name, position);
      for await (const piece of readNew(join(folder, `${name}.log`), position)) output.write(asLines(name, piece));
    }
  };
  let looking: Promise<void> | undefined;
  const soon = () => {
    looking ??= look()
      .catch((error: unknown) => log.warn({ error }, 'Print logs: a log cannot be read; it is tried again'))
      .finally(() => {
        looking = undefined;
      });
    return looking;
  };
  const timer = setInterval(() => void soon(), lookMs).unref();
  return {
    async stop() {
      clearInterval(timer);
      await looking;
      await soon();
    },
  };
}

/** The same where LOG_STDOUT asks for it. */
export async function printLogs(
  folder: string,
  live: LiveSettings,
  log: Log,
): Promise<{ stop(): Promise<void> } | undefined> {
  if (!readEnvironment([LOG_STDOUT], live.source).LOG_STDOUT) return undefined;
  return startLogPrinting({ folder, output: standardOutput(), log });
}

const namesIn = async (folder: string): Promise<string[]> => (await logNames(folder)).filter((name) => name !== OWN);

const endOf = async (path: string): Promise<LogPosition> => ({
  part: basename((await listParts(path)).at(-1)?.path ?? ''),
  offset: (await stat(path)).size,
});

function asLines(name: string, piece: Buffer): string {
  const lines = piece.toString('utf8').split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines
    .map((line) => (line.startsWith('{"') ? line : JSON.stringify({ process: name, message: line })))
    .map((line) => `${line}\n`)
    .join('');
}
