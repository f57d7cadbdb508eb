import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { isSame, startTimeOf } from './identity.ts';

it('knows a process again while it runs, and takes no other one for it', async () => {
  const child = spawn('sleep', ['60']);
  const pid = child.pid as number;
  const startTime = startTimeOf(pid) as string;
  expect(Number(startTime)).toBeGreaterThan(0);
  expect(isSame({ pid, startTime })).toBe(true);
  expect(isSame({ pid, startTime: `${Number(startTime) - 1}` })).toBe(false);
  expect(isSame({ pid: process.pid, startTime })).toBe(false);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(isSame({ pid, startTime })).toBe(false);
});

it('is not misled by a name with brackets and spaces in it', async () => {
  const child = spawn('bash', ['-c', "printf 'a) S 1 2' > /proc/$$/comm; echo; exec 1>&-; read"]);
  await once(child.stdout, 'data');
  expect(Number(startTimeOf(child.pid as number))).toBeGreaterThanOrEqual(Number(startTimeOf(process.pid)));
  child.kill('SIGKILL');
  await once(child, 'exit');
});

it('takes a process that has ended and was not collected for gone', async () => {
  // Its parent becomes a program that never asks after it.
  const parent = spawn('bash', ['-c', 'sleep 0.01 & echo $!; exec sleep 60']);
  const [output] = await once(parent.stdout, 'data');
  const pid = Number(String(output));
  while (startTimeOf(pid) !== undefined) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(() => process.kill(pid, 0)).not.toThrow();
  parent.kill('SIGKILL');
  await once(parent, 'exit');
});
