import { type FileHandle, lstat, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { edgeProblem } from '../../edge/own-answers.ts';
import type { Log } from '../../kernel/log.ts';
import { replaceFile } from '../../kernel/replace-file.ts';
import { METHODS } from '../../kernel/telemetry/metrics.ts';
import { openPlain } from '../../services/plain-file.ts';

/**
 * Counts what the edge answers itself: functions that do not answer, addresses that lead nowhere, requests that it
 * refuses. Caddy writes a line for each of these, and none for what it passes on, which costs the other requests nothing.
 */
export interface EdgeAnswers {
  /**
   * The counter `pandect_edge_responses_total` as Prometheus text.
   * @param mounts paths of the functions, which are the only ones that become labels
   */
  read(mounts: readonly string[]): Promise<string>;
}

/** How far the file has been counted, and what. It is written as a whole, so that each line counts once. */
const stateSchema = z.object({
  inode: z.number().default(0),
  offset: z.number().default(0),
  counts: z.record(z.string(), z.number()).default({}),
});
type State = z.output<typeof stateSchema>;

const CHUNK_BYTES = 1024 * 1024;

/** @param log what Caddy writes, see the repository's Caddyfile @param path where the counts are kept */
export async function openEdgeAnswers(log: string, path: string, reports: Pick<Log, 'warn'>): Promise<EdgeAnswers> {
  const state = await readState(path);

  const count = async (mounts: readonly string[]) => {
    const found = await lstat(log).catch(() => undefined);
    if (!found) return;
    const before = JSON.stringify(state);
    if (found.ino !== state.inode) {
      const rolled = await findRolled(log, state.inode);
      if (rolled) await countFile(rolled, state, mounts);
      state.inode = found.ino;
      state.offset = 0;
    }
    if (found.size < state.offset) state.offset = 0;
    await countFile(log, state, mounts);
    const after = JSON.stringify(state);
    if (after !== before) await replaceFile(path, after);
  };

  let reading: Promise<unknown> = Promise.resolve();
  return {
    async read(mounts) {
      reading = reading
        .then(() => count(mounts))
        .catch((error: unknown) => reports.warn({ error }, 'Answers of the edge: not counted'));
      await reading;
      return [
        '# HELP pandect_edge_responses_total Requests that the edge answered itself, with an error',
        '# TYPE pandect_edge_responses_total counter',
        ...Object.entries(state.counts).map(([labels, value]) => `pandect_edge_responses_total{${labels}} ${value}`),
        '',
      ].join('\n');
    },
  };
}

async function readState(path: string): Promise<State> {
  try {
    return stateSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    // Counted from the beginning of what is there.
    return stateSchema.parse({});
  }
}

/** The file that was the log before it was rolled. */
async function findRolled(log: string, inode: number): Promise<string | undefined> {
  if (inode === 0) return undefined;
  const folder = dirname(log);
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (name.endsWith('.log') && (await lstat(path).catch(() => undefined))?.ino === inode) return path;
  }
  return undefined;
}

/** Counts whole lines from the state's offset on, which moves with them. */
async function countFile(path: string, state: State, mounts: readonly string[]): Promise<void> {
  const file = await openPlain(path);
  try {
    for (;;) {
      const text = await readLines(file, state.offset);
      if (text === '') return;
      state.offset += Buffer.byteLength(text);
      for (const line of text.split('\n')) {
        const labels = labelsOf(line, mounts);
        if (labels !== undefined) state.counts[labels] = (state.counts[labels] ?? 0) + 1;
      }
    }
  } finally {
    await file.close();
  }
}

async function readLines(file: FileHandle, offset: number): Promise<string> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(CHUNK_BYTES), 0, CHUNK_BYTES, offset);
  return buffer.subarray(0, buffer.subarray(0, bytesRead).lastIndexOf('\n') + 1).toString('utf8');
}

const lineSchema = z.object({
  msg: z.string().default(''),
  status: z.number(),
  request: z.object({ method: z.string(), uri: z.string() }),
});

function labelsOf(line: string, mounts: readonly string[]): string | undefined {
  if (line === '') return undefined;
  let parsed: z.output<typeof lineSchema>;
  try {
    parsed = lineSchema.parse(JSON.parse(line));
  } catch {
    // No line of a request.
    return undefined;
  }
  const { msg: message, status, request } = parsed;
  const path = request.uri.split('?')[0] as string;
  const endpoint = mounts
    .filter((mount) => path === mount || path.startsWith(`${mount}/`))
    .reduce((longest, mount) => (mount.length > longest.length ? mount : longest), '');
  const method = METHODS.has(request.method) ? request.method : 'other';
  const answered = edgeProblem({ status, message, path }).status;
  return `method="${method}",endpoint="${endpoint || 'unmatched'}",status="${answered}"`;
}
