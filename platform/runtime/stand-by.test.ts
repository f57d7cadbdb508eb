import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { standByVariable } from './stand-by.ts';

const program = `
  const { standBy } = await import(${JSON.stringify(join(import.meta.dirname, 'stand-by.ts'))});
  let looks = 0;
  const look = async () => {
    if (++looks === 2) throw new Error('database unavailable');
    console.log('looked');
  };
  await standBy(look, 5);
  console.log('began');
  setTimeout(() => {}, 50);`;

function start(env: Record<string, string>) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { env });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  return { child, ended: once(child, 'close'), said: () => said };
}

it('looks after its connections until it is told to begin, also after they were lost for a while', async () => {
  const { child, ended, said } = start({ [standByVariable]: '1' });
  await expect.poll(() => said().split('looked').length, { timeout: 20_000 }).toBeGreaterThan(3);
  child.stdin.end('begin\n');
  expect(await ended).toEqual([0, null]);
  expect(said()).toMatch(/^(looked\n)+began\n$/);
});

it('ends when what started it is gone without a word', async () => {
  const { child, ended, said } = start({ [standByVariable]: '1' });
  child.stdin.end();
  expect(await ended).toEqual([0, null]);
  expect(said()).not.toContain('began');
});

it('waits for no one where it was not prepared', async () => {
  const { ended, said } = start({});
  expect(await ended).toEqual([0, null]);
  expect(said()).toBe('began\n');
});
