import { createReadStream, existsSync } from 'node:fs';
import { open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { createGunzip } from 'node:zlib';

/**
 * A log is the file that processes append to, `ask.log`, and older parts of it, `ask.log.<time>.gz`, named by when they were taken from its
 * front. One after the other they are everything that was written; a line may begin in one and end in the next.
 */
export interface LogPart {
  path: string;
  /** No line in it is younger. */
  endedAt: Date;
  /** Compressed. */
  bytes: number;
}

const NAME = /^(.+\.log)\.(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z\.gz$/;

export const partPath = (log: string, endedAt: Date): string =>
  `${log}.${endedAt.toISOString().replaceAll(/[-:.]/g, '')}.gz`;

/** There while a rotation is between storing a part and taking it from the log; holds the part's name. */
export const markPath = (log: string): string => `${log}.rotating`;

/** Where a part is written to until it is whole. */
export const draftPath = (log: string): string => `${log}.draft`;

/** The logs of a folder by name, without `.log`. */
export const logNames = async (folder: string): Promise<string[]> =>
  (await readdir(folder)).flatMap((name) => (name.endsWith('.log') ? [name.slice(0, -4)] : []));

/** Older parts of a log, the oldest first. */
export async function listParts(log: string): Promise<LogPart[]> {
  const found = (await readdir(dirname(log))).toSorted().flatMap((name) => {
    const [, of, year, month, day, hour, minute, second, ms] = NAME.exec(name) ?? [];
    if (of !== basename(log)) return [];
    const endedAt = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`);
    return [{ path: join(dirname(log), name), endedAt }];
  });
  const sized = found.map(async (part) => {
    const size = await stat(part.path).then(
      (entry) => entry.size,
      () => undefined, // removed in between
    );
    return size === undefined ? [] : [{ ...part, bytes: size }];
  });
  return (await Promise.all(sized)).flat();
}

/** How many bytes of the log a part holds; its compressed form ends with that number. */
export async function contentSize({ path }: LogPart): Promise<number> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, size - 4);
    return buffer.readUInt32LE();
  } finally {
    await file.close();
  }
}

export const readPart = ({ path }: LogPart) => createReadStream(path).pipe(createGunzip());

/**
 * The parts of which a log no longer holds the content: all but those of a rotation that was cut off.
 * @returns them, and those that repeat what the log begins with
 */
export async function separateRepeated(log: string): Promise<{ parts: LogPart[]; repeated: LogPart[] }> {
  const parts = await listParts(log);
  if (!existsSync(markPath(log))) return { parts, repeated: [] };
  const mark = await readFile(markPath(log), 'utf8');
  const first = parts.findIndex(({ path }) => basename(path) === mark);
  const part = parts[first];
  if (part === undefined || !(await beginsWith(log, part))) return { parts, repeated: [] };
  return { parts: parts.slice(0, first), repeated: parts.slice(first) };
}

/** Ends the rotation of a supervisor that was killed during it. */
export async function completeRotation(log: string): Promise<void> {
  const { repeated } = await separateRepeated(log);
  for (const { path } of repeated) await rm(path);
  await rm(draftPath(log), { force: true });
  await rm(markPath(log), { force: true });
}

async function beginsWith(log: string, part: LogPart): Promise<boolean> {
  if ((await stat(log)).size < (await contentSize(part))) return false;
  const file = await open(log, 'r');
  try {
    let at = 0;
    for await (const chunk of readPart(part)) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(chunk.length), 0, chunk.length, at);
      if (bytesRead < chunk.length || !buffer.equals(chunk)) return false;
      at += chunk.length;
    }
    return true;
  } finally {
    await file.close();
  }
}
