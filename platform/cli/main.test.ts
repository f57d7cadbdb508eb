import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Hono } from 'hono';
import { afterAll, describe, expect, it } from 'vitest';
import { temporaryHome } from '../services/temporary-home.ts';
import type { ChangeEvent, HistoryRow, ProcessRow, Status, TopRow } from '../supervisor/control/contract.ts';
import { serveSocket } from '../supervisor/control/serve-socket.ts';
import { controlSocket } from '../supervisor/traffic/socket-path.ts';
import { commandEnvironment } from '../testing/command-environment.ts';

/** The command as a process, against a control socket that answers what a platform would. */

const { home, path, remove } = await temporaryHome();
const asked: { path: string; body: unknown }[] = [];
let supervisor: ChildProcess | undefined;
let answer: (ChangeEvent | { ok: boolean })[] = [];
let samples = 0;

const status = (): Status => ({
  ...{ url: 'http://localhost:8080', version: '0.1.0', startedAt: '2026-01-31T09:05:00Z', keep: false },
  pid: supervisor?.pid ?? process.pid,
});
const ask: ProcessRow = {
  ...{ name: 'ask', kind: 'function', state: 'ready', from: 'checkout', release: '1a2b3c4d5e6f', pid: 77, restarts: 0 },
  ...{ startMs: 84.2, uptimeSeconds: 125, memoryBytes: 60 * 1024 ** 2 },
};
const change: HistoryRow = {
  ...{ release: '1a2b3c4d5e6f', at: '2026-01-31T09:05:00Z', action: 'deploy', by: 'olga', revision: '0a1b2c3' },
  ...{ bytes: 2_097_152, startMs: 84, outcome: 'restored', reason: 'crashed twice' },
};
const sample = (begun: number): TopRow => ({
  ...{ name: 'ask', kind: 'function', instances: 1, wanted: 1, inFlight: 2, begun, failed: 0, refused: 0 },
  ...{ durations: { bounds: [0.1], counts: [begun, 0] }, memoryBytes: 1_024 },
});

const control = new Hono()
  .get('/status', (c) => c.json(status()))
  .get('/ps', (c) => c.json([ask, { ...ask, name: 'redis', kind: 'service' }]))
  .get('/top', (c) => c.json([sample(samples++ * 50)]))
  .get('/history/ask', (c) => c.json([change]))
  .get('/history/:unit', (c) => c.json({ message: `Find function or worker "${c.req.param('unit')}"` }, 404))
  .post('/scale', async (c) => c.json({ ...(await c.req.json()), min: 1, max: 4 }))
  .post('/stop', (c) => {
    supervisor?.kill();
    return c.text('{"message":"everything finishes what it has"}\n{"ok":true}\n');
  })
  .post('*', async (c) => {
    asked.push({ path: c.req.path, body: await c.req.json() });
    return c.text(answer.map((line) => `${JSON.stringify(line)}\n`).join(''));
  });
const server = await serveSocket(control, controlSocket(home.run));
afterAll(async () => {
  server.close();
  supervisor?.kill();
  await remove();
});

async function pandect(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const options = { env: { ...commandEnvironment, PANDECT_HOME: path }, timeout: 25_000 };
  const run = promisify(execFile)(process.execPath, [join(import.meta.dirname, '../../pandect.ts'), ...args], options);
  return run.then(
    (output) => ({ code: 0, ...output }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );
}

const done: typeof answer = [
  { unit: 'ask', step: 'build' },
  { unit: 'ask', step: 'done', release: '1a2b3c4d5e6f', ms: 842 },
  { ok: true },
];

describe('the command line', () => {
  it('shows tables with units for people and raw numbers to programs', async () => {
    const { stdout } = await pandect('ps');
    expect(stdout).toMatch(/^ask +function +ready +1a2b3c4d5e6f +checkout +77 +60 MiB +84 ms +2 min 5 s +0$/m);
    expect(JSON.parse((await pandect('ps', '--json')).stdout)[0]).toEqual(ask);
    expect((await pandect('history', 'ask')).stdout).toMatch(/olga +0a1b2c3 +2.0 MiB +84 ms +restored +crashed twice/);
  });

  it('hands a change on with who asked for it and how, and tells each step in a line', async () => {
    answer = done;
    const { code, stdout } = await pandect('deploy', 'ask', '--canary', '10', '--watch', '0', '--no-wait');
    expect(code).toBe(0);
    expect(stdout).toBe('ask            build\nask            done       1a2b3c4d5e6f 842 ms\n');
    const body = { units: ['ask'], canary: 10, by: userInfo().username, watch: 0, wait: false };
    expect(asked.at(-1)).toEqual({ path: '/deploy', body });
  });

  it('ends with status 1 and advice on standard error when a change fails', async () => {
    answer = [{ unit: 'ask', step: 'failed', message: 'Start "ask": ended', log: 'Error: no' }, { ok: false }];
    const people = await pandect('rollback', 'ask', '1a2b3c4d5e6f');
    expect(people).toMatchObject({ code: 1, stderr: expect.stringContaining('pandect logs ask shows more') });
    expect(people.stdout).toContain('Start "ask": ended\nError: no');
    const programs = await pandect('rollback', 'ask', '--json');
    expect(programs).toMatchObject({ code: 1, stderr: '' });
    expect(JSON.parse(programs.stdout)).toEqual({ ok: false, events: answer.slice(0, 1) });
  });

  it('does not take a platform that goes away for success', async () => {
    answer = done.slice(0, 1);
    expect(await pandect('restart', 'ask')).toMatchObject({ code: 1, stderr: expect.stringContaining('went away') });
  });

  it('prints the addresses of a preview and nothing else on standard output', async () => {
    const message = '/_preview/ask/1a2b/api/ask /_preview/ask/1a2b/api/search';
    answer = [{ unit: 'ask', step: 'build' }, { unit: 'ask', step: 'preview', release: '1a2b', message }, { ok: true }];
    const { stdout, stderr } = await pandect('preview', 'ask');
    const addresses = message.split(' ').map((place) => `http://localhost:8080${place}`);
    expect(stdout.trim().split('\n')).toEqual(addresses);
    expect(stderr).toContain('build');
    expect(JSON.parse((await pandect('preview', 'ask', '--json')).stdout)).toMatchObject({ ok: true, addresses });
  });

  it('fixes the number of processes, or gives it back to the load', async () => {
    expect((await pandect('scale', 'ask', '3')).stdout).toBe('Processes of "ask": 3\n');
    expect((await pandect('scale', 'ask', 'auto')).stdout).toBe('Processes of "ask": by load, 1 to 4\n');
  });

  it('samples what happens over a second', async () => {
    const { stdout } = await pandect('top', '--json');
    expect(JSON.parse(stdout)).toMatchObject([{ name: 'ask', inFlight: 2, p95: { ms: 95 } }]);
    expect(JSON.parse(stdout)[0].perSecond).toBeGreaterThan(0);
  });

  it('completes what is there', async () => {
    expect((await pandect('complete', '--', 'deploy', '')).stdout).toBe('ask\n');
    expect((await pandect('completion', 'bash')).stdout).toContain('complete -F _pandect pandect');
  });

  it.each([
    [['history', 'aks'], 'Find function or worker "aks"'],
    [['deploy'], 'Deploy: name functions, workers or a site, or say --all'],
    [['deploy', 'ask', '--all'], 'Deploy: name functions, workers or a site, or say --all'],
    [['deploy', 'ask', '--canary', '100'], 'It must be a whole number from 1 to 99.'],
    [['scale', 'ask', 'many'], 'It must be a whole number from 0 to 64, or auto.'],
    [['completion', 'tcsh'], 'Allowed choices are bash, zsh, fish.'],
    [['delpoy', 'ask'], 'Did you mean deploy?'],
  ])('refuses %j on standard error', async (args, message) => {
    const { code, stdout, stderr } = await pandect(...args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
  });

  it('has ended the platform only when the supervisor is gone', async () => {
    supervisor = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)']);
    expect(await pandect('down')).toMatchObject({
      code: 0,
      stdout: 'everything finishes what it has\nPandect is down\n',
    });
    expect(supervisor.killed).toBe(true);
  });
});
