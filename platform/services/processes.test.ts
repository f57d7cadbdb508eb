import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { endProcess, isAlive, isRunning, launch, logTail, waitUntil } from './processes.ts';

describe('processes', () => {
  let folder: string;
  let log: string;
  const started: number[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pandect-test-'));
    log = join(folder, 'output.log');
  });
  afterEach(async () => {
    for (const pid of started.splice(0)) await endProcess(pid, [{ signal: 'SIGKILL', seconds: 5 }]);
    await rm(folder, { recursive: true, force: true });
  });
  const shell = async (script: string) => {
    const pid = await launch({ program: '/bin/sh', args: ['-c', script], cwd: folder, log });
    started.push(pid);
    return pid;
  };
  const written = (text: string) => waitUntil(async () => (await readFile(log, 'utf8')).includes(text), 5);

  it('are recognized by their command line', async () => {
    const pid = await shell('echo up; sleep 60 # of one home');
    expect(await written('up')).toBe(true);
    expect(await isRunning(pid, 'of one home')).toBe(true);
    expect(await isRunning(pid, 'of another home')).toBe(false);
  });

  it('inherit no variables but PATH', async () => {
    vi.stubEnv('PANDECT_TEST_SECRET', 'hidden');
    onTestFinished(() => void vi.unstubAllEnvs());
    await shell('env; echo end');
    expect(await written('end')).toBe(true);
    expect(await readFile(log, 'utf8')).not.toContain('hidden');
  });

  it('end at the first signal when they listen to it', async () => {
    const pid = await shell('trap "echo asked; exit 0" TERM; echo up; while :; do sleep 0.05; done');
    await written('up');
    await endProcess(pid, [{ signal: 'SIGTERM', seconds: 5 }]);
    expect(await isAlive(pid)).toBe(false);
    expect(await readFile(log, 'utf8')).toContain('asked');
  });

  it('are forced at the second signal when they do not', async () => {
    const pid = await shell('trap "" TERM; echo up; while :; do sleep 0.05; done');
    await written('up');
    await endProcess(pid, [
      { signal: 'SIGTERM', seconds: 0.2 },
      { signal: 'SIGKILL', seconds: 5 },
    ]);
    expect(await isAlive(pid)).toBe(false);
  });

  it('that outlive every signal are reported', async () => {
    const pid = await shell('trap "" TERM; echo up; while :; do sleep 0.05; done');
    await written('up');
    await expect(endProcess(pid, [{ signal: 'SIGTERM', seconds: 0.1 }])).rejects.toThrow('still running after SIGTERM');
  });

  it('that are already gone need nothing', async () => {
    const pid = await shell('exit 0');
    expect(await waitUntil(async () => !(await isAlive(pid)), 5)).toBe(true);
    await endProcess(pid, [{ signal: 'SIGTERM', seconds: 1 }]);
  });

  it('that cannot be executed are an error with their name', async () => {
    const program = join(folder, 'missing');
    await expect(launch({ program, args: [], cwd: folder, log })).rejects.toThrow(`Start program "${program}"`);
  });

  it('leave their last lines for the report, from a byte on', async () => {
    await shell('echo first; echo second; echo end');
    await written('end');
    expect(await logTail(log, 'first\n'.length)).toBe(`last lines of "${log}":\n  second\n  end`);
    expect(await logTail(log, 1000)).toContain('(nothing)');
  });
});
