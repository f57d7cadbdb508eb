import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { nodeFor } from '../../platform/services/node-binary.ts';
import type { BenchPlatform } from '../support/platform.ts';

const source = `require('node:http').createServer((_, response) => response.end('ok')).listen(process.argv[1])`;
const POLL_MS = 2;
const LIMIT_MS = 10_000;

/** Spawns the smallest server that Node can be, until it answers; it ends then. @returns milliseconds */
export async function spawnedServer({ folders }: BenchPlatform): Promise<number> {
  const folder = await mkdtemp(join(folders.run, 'bare-'));
  const socketPath = join(folder, 'bare.sock');
  const node = await nodeFor(folders);
  const began = performance.now();
  const child = spawn(node, ['-e', source, socketPath], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  try {
    while (!(await answers(socketPath))) {
      if (performance.now() - began > LIMIT_MS) throw new Error('Spawn server: it does not answer');
      await sleep(POLL_MS);
    }
    return performance.now() - began;
  } finally {
    child.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true });
  }
}

const answers = (socketPath: string): Promise<boolean> =>
  new Promise((resolve) => {
    const sent = request({ socketPath, path: '/', agent: false }, (response) => {
      response.resume().on('end', () => resolve(true));
    });
    sent.on('error', () => resolve(false)); // it does not listen yet
    sent.end();
  });
