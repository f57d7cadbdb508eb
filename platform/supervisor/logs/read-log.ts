import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as sleep } from 'node:timers/promises';
import { lineTime } from './line-time.ts';
import { type LogPart, listParts, markPath, readPart, separateRepeated } from './log-parts.ts';

/** A log as it was at one moment. */
export interface LogView {
  /** Oldest first. */
  parts: LogPart[];
  /** What the file itself holds. */
  current: Buffer;
}

/** A rotation moves content from the file to a part; it is over within a moment, unless its supervisor was killed. */
const ATTEMPTS = 20;

/** @throws when there is no such log */
export async function viewLog(log: string): Promise<LogView> {
  for (let attempt = 1; ; attempt++) {
    const before = await namesOf(log);
    const current = await readFile(log);
    const { size } = await stat(log);
    const isMoving = existsSync(markPath(log)) && attempt < ATTEMPTS;
    if (!isMoving && size >= current.length && (await namesOf(log)) === before) {
      return { parts: (await separateRepeated(log)).parts, current };
    }
    await sleep(25);
  }
}

const namesOf = async (log: string): Promise<string> => (await listParts(log)).map(({ path }) => path).join('\n');

export interface Period {
  since?: Date | undefined;
  until?: Date | undefined;
}

/** Lines of a period, from first to last; one that does not say when it was written belongs to the line before it. */
export async function* linesOf({ parts, current }: LogView, { since, until }: Period): AsyncGenerator<string> {
  // A part holds what was written after the one before it ended.
  const wanted = parts.filter(
    ({ endedAt }, place) => !(since && endedAt < since) && !(until && (parts[place - 1]?.endedAt ?? 0) > until),
  );
  let isInside = since === undefined;
  for await (const line of splitLines(contents(wanted, current))) {
    const time = lineTime(line);
    if (time !== undefined) {
      isInside = !(since && time < since.getTime()) && !(until && time > until.getTime());
    }
    if (isInside) yield line;
  }
}

/** The last lines, so many bytes of them at most. */
export async function lastLines({ parts, current }: LogView, bytes: number): Promise<string[]> {
  let tail = current.subarray(-bytes - 1);
  for (const part of parts.toReversed()) {
    if (tail.length > bytes) break;
    let older = Buffer.alloc(0);
    for await (const chunk of readPart(part)) older = Buffer.concat([older, chunk]).subarray(-bytes - 1);
    tail = Buffer.concat([older, tail]).subarray(-bytes - 1);
  }
  const lines = tail.toString('utf8').split('\n');
  // The first one is cut unless it is the first of all.
  return lines.slice(tail.length > bytes ? 1 : 0, -1);
}

async function* contents(parts: LogPart[], current: Buffer): AsyncGenerator<Buffer> {
  for (const part of parts) {
    // One may be removed by age while others are read.
    if (existsSync(part.path)) yield* readPart(part);
  }
  yield current;
}

async function* splitLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}
