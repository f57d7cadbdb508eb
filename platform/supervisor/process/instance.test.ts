import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import type { Role } from '../home/journal.ts';
import { startTimeOf } from './identity.ts';
import { adoptInstance } from './instance.ts';

/** A process that says when it can be asked to end, and ends with 0 when it is. */
const PROGRAM = "process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1000); console.log('up')";

const DEAF = PROGRAM.replace('process.exit(0)', '{}');

async function adopted(role: Role, program = PROGRAM) {
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  const pid = Number(child.pid);
  const entry = { unit: 'probe', role, id: 'a', release: 'r', pid, startTime: startTimeOf(pid) ?? '', socket: '/none' };
  const exited = once(child, 'exit');
  const instance = adoptInstance(
    { ...entry, startedAt: new Date().toISOString(), startMs: 1 },
    { logFile: '/dev/null', readySeconds: 1 },
  );
  return { exited, instance };
}

it.each(['current', 'replaced'] as const)('asks a process that was found as %s to end', async (role) => {
  const { exited, instance } = await adopted(role);
  await instance?.stop(30);
  expect(await exited).toEqual([0, null]);
  expect(instance?.state).toBe('stopped');
});

it('ends a process that does not end by itself at the earliest end of several', async () => {
  const { exited, instance } = await adopted('current', DEAF);
  const long = instance?.stop(600);
  await instance?.stop(0.2);
  await instance?.stop(600);
  expect(await exited).toEqual([null, 'SIGKILL']);
  await long;
  expect(await instance?.ended).toMatchObject({ reason: 'drain-timeout' });
});

it('finds no process where another one has its number', async () => {
  const entry = { unit: 'probe', role: 'current' as const, id: 'a', release: 'r', pid: process.pid, startTime: '1' };
  const found = { ...entry, socket: '/none', startedAt: new Date().toISOString() };
  expect(adoptInstance(found, { logFile: '/dev/null', readySeconds: 1 })).toBeUndefined();
});
