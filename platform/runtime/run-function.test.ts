import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { Agent, type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { InstanceReport } from '../kernel/instance-report.ts';
import { askInstance } from '../supervisor/process/probe.ts';
import { bundledProgram } from '../testing/bundled-program.ts';
import { commandEnvironment } from '../testing/command-environment.ts';
import { freePort } from '../testing/free-port.ts';
import { standByVariable } from './stand-by.ts';

const root = join(import.meta.dirname, '../..');

const program = await bundledProgram(join(import.meta.dirname, 'function.fixture.ts'));

const cleanups: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/** Starts the process as the supervisor does: apart from us, with a file to log to. */
async function start(options: { probe?: string; parent?: boolean; standBy?: boolean } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'pandect-test-'));
  cleanups.push(() => rm(folder, { recursive: true }));
  const socketPath = join(folder, 'probe.sock');
  const logPath = join(folder, 'probe.log');
  const log = await open(logPath, 'a');
  const command = [process.execPath, program];
  const run = {
    cwd: root,
    env: {
      ...{ ...commandEnvironment, PANDECT_SOCKET: socketPath, PANDECT_INSTANCE: 'probe-1', PROBE: options.probe ?? '' },
      ...(options.standBy && { [standByVariable]: '1' }),
    },
    detached: true,
  };
  const pidPath = `${socketPath}.pid`;
  const between = `
    const { spawn } = require('node:child_process');
    const { pid } = spawn(process.argv[1], process.argv.slice(2), { detached: true, stdio: ['ignore', 1, 1] });
    require('node:fs').writeFileSync(${JSON.stringify(pidPath)}, String(pid));
    setInterval(() => {}, 1000);`;
  const [file = '', ...args] = options.parent ? [process.execPath, '-e', between, '--', ...command] : command;
  const child: ChildProcess = spawn(file, args, {
    ...run,
    stdio: [options.standBy ? 'pipe' : 'ignore', log.fd, log.fd],
  });
  const exited = once(child, 'exit');
  cleanups.push(() => child.kill('SIGKILL'));
  await log.close();

  const get = (path: string) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      request({ socketPath, path, agent: false }, resolve).on('error', reject).end();
    });
  const isReady = () =>
    get('/_pandect/ready').then(
      ({ statusCode }) => statusCode,
      () => undefined,
    );
  const lines = async () => (await readFile(logPath, 'utf8')).trim().split('\n');
  return {
    child,
    exited,
    socketPath,
    /** The process that its parent started. */
    pid: async () => Number(await readFile(pidPath, 'utf8')),
    get,
    lines,
    ready: () => expect.poll(isReady, { timeout: 20_000 }).toBe(200),
    text: async (path: string) => textOf(await get(path)),
    /** The log, where every line must be structured. */
    logged: async () => (await lines()).map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

async function textOf(answer: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of answer.setEncoding('utf8')) text += part;
  return text;
}

it('runs its middleware for who starts it, and counts and logs none of that', async () => {
  const { ready, get, text, logged, socketPath } = await start();
  await ready();
  expect(await text('/_pandect/warm-up')).toBe('{"bytes":0}');
  expect(await askInstance(socketPath, '/_pandect/warm-up', 5_000, '{}')).toBe('{"bytes":2}');
  expect((await get('/api/probe/hello')).statusCode).toBe(200);
  expect(await text('/_pandect/metrics')).not.toContain('warm-up');
  expect(JSON.parse(await text('/_pandect/state'))).toMatchObject({ begun: 1 });
  expect((await logged()).map(({ endpoint }) => endpoint)).toEqual(['/api/probe/hello']);
});

it('serves, tells of itself, lets streams and WebSockets go on for a while when it is stopped, and leaves its figures', async () => {
  const { child, exited, get, ready, text, socketPath } = await start();
  await ready();
  expect(await text('/api/probe/hello')).toBe('hello');
  const socket = new WebSocket(`ws+unix://${socketPath}:/api/probe/echo`);
  await once(socket, 'open');
  const events = textOf(await get('/api/probe/events'));

  const report: InstanceReport = JSON.parse(await text('/_pandect/state'));
  expect(report).toMatchObject({ inFlight: 2, begun: 3, failed: 0, refused: 0, idleMs: 0 });
  expect(report.durations.counts.reduce((sum, count) => sum + count)).toBe(3);
  const { process: began, loaded, listening } = report.started;
  expect([began, loaded, listening]).toEqual([began, loaded, listening].toSorted((a, b) => a - b));
  expect(loaded).toBeGreaterThan(began);

  child.kill('SIGTERM');
  child.kill('SIGTERM'); // as a supervisor does that cannot know of the first
  const echoed = once(socket, 'message');
  socket.send('still here');
  expect(String((await echoed)[0])).toBe('still here');
  expect(await text('/api/probe/hello')).toBe('hello');
  expect((await once(socket, 'close'))[0]).toBe(1012);
  expect(await events).toMatch(/data: tick\n\n$/);
  expect(await exited).toEqual([0, null]);
  expect(await readFile(`${socketPath}.metrics`, 'utf8')).toContain('endpoint="/api/probe/hello",status="200"} 2');
});

it('ends at once when nothing is left to be done', async () => {
  const { child, exited, ready } = await start();
  await ready();
  child.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
});

it('serves and logs on when what started it was killed', async () => {
  const { child, exited, ready, pid, text, logged } = await start({ parent: true });
  await ready();
  const orphan = await pid();
  cleanups.push(() => process.kill(orphan, 'SIGKILL'));
  child.kill('SIGKILL');
  await exited;
  expect(await text('/api/probe/hello')).toBe('hello');
  await expect.poll(logged).toContainEqual(expect.objectContaining({ message: 'Request', status: 200 }));
});

it.each([
  ['reject', 'unhandledRejection'],
  ['throw', 'uncaughtException'],
])('ends with one line in the log for what no one caught, which tells no words of a user: %s', async (path, origin) => {
  const { exited, get, ready, logged, lines } = await start();
  await ready();
  await get(`/api/probe/${path}`).catch(() => 'cut');
  expect(await exited).toEqual([1, null]);
  expect((await logged()).filter(({ level }) => level === 'fatal')).toEqual([
    expect.objectContaining({
      ...{ message: 'Process failed', origin, process: 'probe', instance: 'probe-1' },
      error: expect.objectContaining({ name: 'Error', message: 'Query failed' }),
    }),
  ]);
  expect((await lines()).join()).not.toContain('secret');
});

it('ends with one line in the log when it cannot start', async () => {
  const { exited, logged, socketPath } = await start({ probe: 'start' });
  expect(await exited).toEqual([1, null]);
  expect(await logged()).toEqual([
    expect.objectContaining({ level: 'fatal', error: expect.objectContaining({ message: 'Read keys: none' }) }),
  ]);
  expect(existsSync(socketPath)).toBe(false);
});

it('makes what it needs before it is told to begin, and listens only then', async () => {
  const broken = await start({ probe: 'start', standBy: true });
  expect(await broken.exited).toEqual([1, null]);
  expect(await broken.logged()).toEqual([
    expect.objectContaining({ error: expect.objectContaining({ message: 'Read keys: none' }) }),
  ]);
  const { child, ready, text, socketPath } = await start({ standBy: true });
  expect(existsSync(socketPath)).toBe(false);
  child.stdin?.end('begin\n');
  await ready();
  expect(await text('/api/probe/hello')).toBe('hello');
});

it('serves at a port without a supervisor: idle connections are closed at its end, streams a while later, and control answers on', async () => {
  const [port, control] = [await freePort(), await freePort()];
  const env = { ...commandEnvironment, PORT: String(port), CONTROL_PORT: String(control), PROBE: '' };
  const child = spawn(process.execPath, [program], { cwd: root, env, stdio: 'ignore' });
  const exited = once(child, 'exit');
  cleanups.push(() => child.kill('SIGKILL'));
  const ask = (path: string, at: number, agent: Agent | false = false) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      request({ host: '127.0.0.1', port: at, path, agent }, resolve).on('error', reject).end();
    });
  const isReady = () =>
    ask('/_pandect/ready', control).then(
      ({ statusCode }) => statusCode,
      () => undefined,
    );
  await expect.poll(isReady, { timeout: 20_000 }).toBe(200);

  const agent = new Agent({ keepAlive: true });
  cleanups.push(() => agent.destroy());
  const kept = await ask('/api/probe/hello', port, agent);
  const closed = once(kept.socket, 'close');
  expect(kept.headers.connection).toBe('keep-alive');
  await textOf(kept);
  const events = textOf(await ask('/api/probe/events', port));
  expect((await ask('/_pandect/state', port)).statusCode).toBe(404);

  child.kill('SIGTERM');
  await closed;
  expect(await textOf(await ask('/_pandect/alive', control))).toBe('alive\n');
  const late = await ask('/api/probe/hello', port, agent);
  expect([late.statusCode, late.headers.connection]).toEqual([200, 'close']);
  await textOf(late);
  expect(await events).toMatch(/data: tick\n\n$/);
  expect(await exited).toEqual([0, null]);
});

it.each([
  [{}, 'PORT: missing'],
  [{ PORT: 'http' }, 'PORT: \\"http\\": must be a whole number from 1 to 65535'],
  [{ PORT: '8080', CONTROL_PORT: '8080' }, 'CONTROL_PORT: \\"8080\\": must differ from PORT'],
])('does not start without a place to be reached at: %j', async (given, message) => {
  const child = spawn(process.execPath, [program], { cwd: root, env: { ...commandEnvironment, ...given } });
  const said = child.stdout.setEncoding('utf8').toArray();
  expect(await once(child, 'exit')).toEqual([1, null]);
  expect((await said).join('')).toContain(message);
});
