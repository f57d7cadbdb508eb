import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { warmUpInstance } from './probe.ts';

const cleanups: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/** @returns the path of a socket where each request gets this status, and what was asked there */
async function instance(status: number) {
  const folder = await mkdtemp(join(tmpdir(), 'pandect-test-'));
  cleanups.push(() => rm(folder, { recursive: true }));
  const asked: string[] = [];
  const server = createServer(({ method, url }, response) => {
    asked.push(`${method} ${url}`);
    response.writeHead(status).end();
  });
  const socket = join(folder, 'i.sock');
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  cleanups.push(() => new Promise((resolve) => server.close(resolve)));
  return { socket, asked };
}

describe('warmUpInstance', () => {
  it('asks with a body and without, by turns', async () => {
    const { socket, asked } = await instance(200);
    await warmUpInstance(socket);
    expect(asked).toHaveLength(20);
    expect(asked.slice(0, 2)).toEqual(['GET /_pandect/warm-up', 'POST /_pandect/warm-up']);
  });

  it('stops at the first failure, as of a release that does not know it', async () => {
    const { socket, asked } = await instance(404);
    await warmUpInstance(socket);
    expect(asked).toHaveLength(1);
  });
});
