import { spawn } from 'node:child_process';
import { getPriority } from 'node:os';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { createTurns, givingWay } from './give-way.ts';

it('case 15: a command gives way, and so does its session', async () => {
  const program = `
    let session = 'none';
    try { session = require('node:fs').readFileSync('/proc/self/autogroup', 'utf8').trim() } catch {}
    console.log(JSON.stringify([require('node:os').getPriority(), session, process.argv[1]]));
  `;
  const { command, args } = givingWay(process.execPath, ['-e', program, 'it has "quotes"']);
  const child = spawn(command, args, { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
  const [priority, session, argument] = JSON.parse(await text(child.stdout));
  expect({ priority, argument }).toEqual({ priority: getPriority() + 5, argument: 'it has "quotes"' });
  expect(session).toMatch(/nice 5$|^none$/);
});

it('case 15: what is held to one processor knows of one, with all that it starts', async () => {
  const program = `
    const { execFileSync } = require('node:child_process');
    const count = () => require('node:os').availableParallelism();
    console.log(JSON.stringify([count(), Number(execFileSync('nproc', { encoding: 'utf8' }))]));
  `;
  const { command, args } = givingWay(process.execPath, ['-e', program], { isOnOneProcessor: true });
  const child = spawn(command, args, { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
  expect(JSON.parse(await text(child.stdout))).toEqual([1, 1]);
});

it('case 15: builds wait for each other, also for one that fails', async () => {
  const inTurn = createTurns();
  let running = 0;
  const build = (fails: boolean) => async () => {
    running++;
    expect(running).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    running--;
    if (fails) throw new Error('broken');
    return 'built';
  };
  const results = await Promise.allSettled([inTurn(build(false)), inTurn(build(true)), inTurn(build(false))]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});
