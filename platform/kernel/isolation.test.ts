import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findIsolation, isolate } from './isolation.ts';

/*
 * What code can do that a hostile file has brought into the process that reads it: a program without Node's permission model, as the
 * user of what it attacks, in what `isolate` gives.
 */

let folder: string;
let code: string;
let servers: { socket: Server; port: Server };
let bystander: ChildProcess;
const isRoot = process.getuid?.() === 0;
/** Any user but root, which owns what is attacked. */
const user = { uid: isRoot ? 60_650 : process.getuid?.(), gid: isRoot ? 60_650 : process.getgid?.() };
const { isolation } = findIsolation();

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'pandect test-')));
  code = await mkdtemp(join(folder, 'release #1 '));
  await chmod(folder, 0o777);
  await chmod(code, 0o777);
  await writeFile(join(folder, 'secret'), 'secret', { mode: 0o666 });
  await writeFile(join(code, 'program.js'), '1', { mode: 0o666 });
  servers = { socket: createServer().listen(join(folder, 'server.sock')), port: createServer().listen(0, '127.0.0.1') };
  await Promise.all([once(servers.socket, 'listening'), once(servers.port, 'listening')]);
  await chmod(join(folder, 'server.sock'), 0o777);
  bystander = spawn('sleep', ['600'], user);
  await once(bystander, 'spawn');
});

afterAll(async () => {
  bystander.kill('SIGKILL');
  servers.socket.close();
  servers.port.close();
  await rm(folder, { recursive: true, force: true });
});

function start(program: string, readable: string[] | undefined = [code]): ChildProcess {
  // Programs that a test brings along may be executed.
  const wrapper = isolate(readable)?.map((arg) => arg.replaceAll(',noexec', '')) ?? [];
  const [command, ...args] = [...wrapper, process.execPath, '-e', program];
  return spawn(command as string, args, { ...user, env: {}, cwd: '/', stdio: ['ignore', 'pipe', 'inherit'] });
}

/** @returns what an expression resolves to, or the code of its error */
async function attempt(expression: string, readable?: string[]): Promise<string> {
  const program = `(async () => ${expression})().then((value) => console.log(String(value)), ({ code }) => console.log(code))`;
  const child = start(program, readable);
  return (await text(child.stdout as NodeJS.ReadableStream & AsyncIterable<Uint8Array>)).trim();
}

const connect = (to: unknown) =>
  `new Promise((resolve, reject) => require('net').connect(${JSON.stringify(to)}).on('connect', () => resolve('connected')).on('error', reject))`;

describe.runIf(isolation === 'room')('a process in a room', () => {
  it('reads its own code and cannot change it', async () => {
    const program = JSON.stringify(join(code, 'program.js'));
    expect(await attempt(`fs.readFileSync(${program}, 'utf8')`)).toBe('1');
    expect(await attempt(`fs.writeFileSync(${program}, '2')`)).toBe('EROFS');
  });

  it.each(['fs.readFileSync', 'fs.unlinkSync', 'fs.statSync'])('finds no other file: %s', async (way) => {
    expect(await attempt(`${way}(${JSON.stringify(join(folder, 'secret'))})`)).toBe('ENOENT');
  });

  it('sees of the machine what it is started with alone', async () => {
    const seen = (await attempt(`fs.readdirSync('/')`)).split(',');
    const expected = [folder, process.execPath, '/usr/lib', '/lib', '/lib64', '/places'].map(
      (path) => path.split('/')[1],
    );
    expect(seen.filter((name) => !expected.includes(name))).toEqual([]);
    expect(await attempt(`['/proc/self', '/etc/passwd', '/bin/sh'].some((path) => fs.existsSync(path))`)).toBe('false');
  });

  it('reaches no socket', async () => {
    expect(await attempt(connect({ path: join(folder, 'server.sock') }))).toBe('ENOENT');
  });

  it('finds no process to signal, and cannot end what started it', async () => {
    expect(await attempt(`process.kill(${bystander.pid}, 9)`)).toBe('ESRCH');
    expect(await attempt(`process.kill(${process.pid}, 0)`)).toBe('ESRCH');
    // Everything that it sees but itself.
    expect(await attempt(`{ try { process.kill(-1, 9) } catch {} return 'alive' }`)).toBe('alive');
    expect(bystander.exitCode ?? bystander.signalCode).toBeNull();
  });

  it.each(['--user', '--mount', '--net'])('makes itself no new namespace: %s', async (kind) => {
    const bin = findIsolation().bin;
    const program = `require('child_process').spawnSync('${bin}/unshare', ['${kind}', process.execPath, '--version']).status`;
    expect(await attempt(program, [code, bin])).toBe('1');
  });

  it('ends with the process that it was started through, and that with its parent', async () => {
    const outer = start('setInterval(() => {}, 1000); console.log(1)');
    await once(outer.stdout as NodeJS.ReadableStream, 'data');
    const inner = await descendants(outer.pid as number);
    expect(inner.length).toBeGreaterThan(0);
    outer.kill('SIGKILL');
    await gone(inner);

    const parent = spawn(process.execPath, ['-e', parentProgram()], { ...user, stdio: ['ignore', 'pipe', 'inherit'] });
    await once(parent.stdout, 'data');
    const all = await descendants(parent.pid as number);
    expect(all.length).toBeGreaterThan(1);
    parent.kill('SIGKILL');
    await gone(all);
  });
});

describe.runIf(isolation !== 'none')('a process without network', () => {
  it.each([[[]], [undefined]])('reaches no server, not even of its own machine (readable: %s)', async (readable) => {
    const { port } = servers.port.address() as { port: number };
    expect(await attempt(connect({ port, host: '127.0.0.1' }), readable)).toBe('ENETUNREACH');
  });
});

function parentProgram(): string {
  const [command, ...args] = isolate([code]) ?? [];
  const program = 'setInterval(() => {}, 1000); console.log(1)';
  const start = [
    command,
    [...args, process.execPath, '-e', program],
    { env: {}, stdio: ['ignore', 'inherit', 'inherit'] },
  ];
  return `require('child_process').spawn(...${JSON.stringify(start)})`;
}

async function descendants(pid: number): Promise<number[]> {
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).split(' ').filter(Boolean).map(Number);
  return [...children, ...(await Promise.all(children.map(descendants))).flat()];
}

async function gone(pids: number[]): Promise<void> {
  const isRunning = async (pid: number) =>
    /^State:\s+[^Z]/m.test(await readFile(`/proc/${pid}/status`, 'utf8').catch(() => ''));
  for (const pid of pids) while (await isRunning(pid)) await sleep(50);
}
