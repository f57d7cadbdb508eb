import { type IncomingMessage, request } from 'node:http';
import { readEnvironment } from '../kernel/environment.ts';
import { type Home, prepareHome } from '../services/home.ts';
import type { DeployEvent } from '../supervisor/runner.ts';
import { controlSocket } from '../supervisor/traffic/socket-path.ts';

/** The home that the environment names. */
export const currentHome = async () => prepareHome(readEnvironment(['PANDECT_HOME']).PANDECT_HOME);

/** Asks the running platform. @throws with its message, or when none runs */
export async function ask<T>(method: 'GET' | 'POST', path: string, body?: object): Promise<T> {
  let answer = '';
  for await (const line of send(method, path, body)) answer += line;
  return JSON.parse(answer) as T;
}

/** Follows a change line by line; true when it succeeded. */
export async function follow(path: string, body: object, onEvent: (event: DeployEvent) => void): Promise<boolean> {
  let ok: boolean | undefined;
  for await (const line of send('POST', path, body)) {
    const event = JSON.parse(line) as DeployEvent | { ok: boolean };
    if ('ok' in event) ok = event.ok;
    else onEvent(event);
  }
  if (ok === undefined) throw new Error('Follow change: the platform went away before it was done');
  return ok;
}

/** Prints a change's events as they come, or all of them as JSON at its end; ends with status 1 if it failed. */
export async function showChange(path: string, body: object, json: boolean): Promise<void> {
  const events: DeployEvent[] = [];
  const ok = await follow(path, body, (event) => {
    events.push(event);
    if (!json) console.log(describe(event));
  });
  if (json) console.log(JSON.stringify({ ok, events }, null, 2));
  if (!ok) process.exitCode = 1;
}

function describe({ unit, step, release, ms, message, log }: DeployEvent): string {
  const parts = [unit.padEnd(14), step.padEnd(10), release ?? '', ms === undefined ? '' : `${ms} ms`, message ?? ''];
  return [parts.filter((part) => part !== '').join(' '), ...(log ? [log] : [])].join('\n');
}

/** The lines of an answer as they come. @throws with the platform's message when it refuses */
async function* send(method: string, path: string, body?: object): AsyncGenerator<string> {
  const home = await currentHome();
  const response = await open(home, method, path, body);
  response.setEncoding('utf8');
  let rest = '';
  for await (const part of response) {
    const lines = (rest + part).split('\n');
    rest = lines.pop() ?? '';
    if (response.statusCode === 200) yield* lines;
  }
  if (response.statusCode !== 200) throw new Error(JSON.parse(rest).message);
  if (rest !== '') yield rest;
}

function open(home: Home, method: string, path: string, body?: object): Promise<IncomingMessage> {
  const headers = { 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath: controlSocket(home.run), method, path, agent: false, headers }, resolve);
    sent.on('error', (cause) =>
      reject(new Error(`Ask platform in "${home.root}": none is running; start it with ./scripts/up`, { cause })),
    );
    sent.end(body && JSON.stringify(body));
  });
}
