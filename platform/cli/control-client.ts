import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { homePath } from '../kernel/paths/home-path.ts';
import { type Home, prepareHome } from '../services/home.ts';
import type { Outcome, Refusal } from '../supervisor/control/contract.ts';
import { controlSocket } from '../supervisor/traffic/socket-path.ts';

const ANSWER_MS = 30_000;
/** A change may be silent while a build or a drain continues, but not for ever. */
export const SILENCE_MS = 600_000;

// Not imported by name: that would load all that it exports, fetch among it, which takes longer than most commands.
const { request } = process.getBuiltinModule('node:http');

/** Thrown when no platform runs in the home. */
export class NotRunning extends Error {}

/** The home that the environment names. */
export const currentHome = async () => prepareHome(homePath());

/** Asks the running platform. @throws with its message, or `NotRunning` */
export async function ask<T>(method: 'GET' | 'POST', path: string, body?: object, timeout = ANSWER_MS): Promise<T> {
  let answer = '';
  for await (const line of send(method, path, body, timeout)) answer += line;
  return JSON.parse(answer) as T;
}

/** The same, but undefined when no platform runs. */
export const askIfRunning = <T>(path: string): Promise<T | undefined> =>
  ask<T>('GET', path).catch((error: unknown) => {
    if (error instanceof NotRunning) return undefined;
    throw error;
  });

/** Follows what happens line by line, while a stream is being sent too; true when it succeeded. @throws when the platform goes away before the end */
export async function follow<E extends object>(
  path: string,
  body: object | Readable,
  onEvent: (event: E) => void | Promise<void>,
): Promise<boolean> {
  let ok: boolean | undefined;
  for await (const line of send('POST', path, body, SILENCE_MS)) {
    const event = JSON.parse(line) as E | Outcome;
    if ('ok' in event) ok = event.ok;
    else await onEvent(event);
  }
  if (ok === undefined) throw new Error(goneAway);
  return ok;
}

const goneAway = 'Ask platform: it went away before it was done; pandect history tells what became of a change';

/** The lines of an answer as they come. @throws with the platform's message when it refuses */
async function* send(
  method: string,
  path: string,
  body: object | Readable | undefined,
  timeout: number,
): AsyncGenerator<string> {
  const home = await currentHome();
  const response = await open(home, method, path, body, timeout);
  response.setEncoding('utf8');
  let rest = '';
  try {
    for await (const part of response) {
      const lines = (rest + part).split('\n');
      rest = lines.pop() ?? '';
      if (response.statusCode === 200) yield* lines;
    }
  } catch (cause) {
    throw new Error(goneAway, { cause });
  }
  if (response.statusCode !== 200) throw new Error(refusal(response.statusCode, rest));
  if (rest !== '') yield rest;
}

/** The bytes of an answer as they come, of any size. @throws with the platform's message when it refuses, and when the answer breaks off */
export async function* download(path: string, body: object): AsyncGenerator<Buffer> {
  const response = await open(await currentHome(), 'POST', path, body, SILENCE_MS);
  if (response.statusCode !== 200) throw new Error(refusal(response.statusCode, await text(response)));
  try {
    yield* response;
  } catch (cause) {
    throw new Error('Ask platform: the answer broke off', { cause });
  }
}

function refusal(status: number | undefined, body: string): string {
  try {
    return (JSON.parse(body) as Refusal).message;
  } catch {
    return `Ask platform: it answered ${status} with "${body.slice(0, 200)}"; is it of another version?`;
  }
}

function open(
  home: Home,
  method: string,
  path: string,
  body: object | Readable | undefined,
  timeout: number,
): Promise<IncomingMessage> {
  const isStream = body !== undefined && 'pipe' in body;
  const headers = { 'content-type': isStream ? 'application/gzip' : 'application/json' };
  const socketPath = controlSocket(home.run);
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, method, path, agent: false, headers, timeout }, resolve);
    sent.on('timeout', () => sent.destroy(new Error(`no answer within ${timeout / 1000} s`)));
    sent.on('error', (cause: NodeJS.ErrnoException) => {
      const running = !['ENOENT', 'ECONNREFUSED'].includes(cause.code ?? '');
      const message = running ? cause.message : 'none is running; start it with ./scripts/up';
      reject(new (running ? Error : NotRunning)(`Ask platform in "${home.root}": ${message}`, { cause }));
    });
    if (isStream) {
      body.on('error', (cause) => sent.destroy(cause));
      body.pipe(sent);
    } else sent.end(body && JSON.stringify(body));
  });
}
