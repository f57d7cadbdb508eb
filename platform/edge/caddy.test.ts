import { readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAlive, waitUntil } from '../services/processes.ts';
import { startTestEdge, type TestEdge, testMount } from '../testing/edge.ts';
import { assertCaddyCanListen, edgeProcessors, startCaddy, writeRoutes } from './caddy.ts';

let test: TestEdge;
beforeAll(async () => {
  test = await startTestEdge();
  await test.serve(await test.upstream('one'));
});
afterAll(() => test.close());
const status = async () => (await test.ask()).status;

describe('startCaddy', () => {
  it('takes over the one that runs, without cutting a connection', async () => {
    const socket = await test.openSocket();
    // More than once: were its configuration not the same text each time, some of these would load it again.
    for (let time = 0; time < 5; time++) {
      const { pid, url } = await startCaddy(test.options);
      expect([pid, url]).toEqual([test.edge.pid, test.edge.url]);
    }
    expect(await socket.send('still')).toBe('one: still');
    socket.close();
  });

  it('has it load what has changed in the meantime', async () => {
    await writeRoutes(test.run, { mounts: [{ ...testMount(test.run), paths: ['/api/other'] }] });
    expect((await startCaddy(test.options)).pid).toBe(test.edge.pid);
    expect([await status(), (await test.ask({ path: '/api/other' })).status]).toEqual([404, 200]);
    await writeRoutes(test.run, { mounts: [testMount(test.run)] });
    await test.edge.reload();
    expect(await status()).toBe(200);
  });

  it('lets it run on half of the processors, and on one at least', async () => {
    expect([1, 2, 3, 4, 16].map(edgeProcessors)).toEqual([1, 1, 1, 2, 8]);
    const environment = (await readFile(`/proc/${test.edge.pid}/environ`, 'utf8')).split('\0');
    expect(environment).toContain(`GOMAXPROCS=${edgeProcessors(availableParallelism())}`);
  });

  it('passes on what trusted proxies say of the client, and nothing that others say', async () => {
    await writeRoutes(test.run, { mounts: [testMount(test.run)] }, ['127.0.0.2', '127.0.7.0/24']);
    await test.edge.reload();
    const seen = async (from: string) => {
      const { body } = await test.ask({ from, headers: { 'x-forwarded-for': '198.51.100.4' } });
      return JSON.parse(body).headers['x-forwarded-for'];
    };
    expect(await seen('127.0.0.2')).toBe('198.51.100.4, 127.0.0.2');
    expect(await seen('127.0.7.9')).toBe('198.51.100.4, 127.0.7.9');
    expect(await seen('127.0.0.3')).toBe('127.0.0.3');
    await writeRoutes(test.run, { mounts: [testMount(test.run)] });
    await test.edge.reload();
    expect(await seen('127.0.0.2')).toBe('127.0.0.2');
  });

  it('refuses a configuration that is wrong, and the one that runs serves on', async () => {
    const config = join(test.run, 'wrong.caddy');
    await writeFile(config, `${await readFile(test.options.config, 'utf8')}\nnonsense {\n`);
    await expect(startCaddy({ ...test.options, config })).rejects.toThrow(/^Load configuration ".+" into Caddy: .+/);
    expect([await status(), await isAlive(test.edge.pid)]).toEqual([200, true]);
  });

  it('replaces one that takes no orders', async () => {
    const other = await startTestEdge();
    try {
      process.kill(other.edge.pid, 'SIGSTOP');
      await rm(join(other.run, 'sockets', 'edge', 'admin.sock'));
      process.kill(other.edge.pid, 'SIGCONT');
      const next = await startCaddy(other.options);
      expect(next.pid).not.toBe(other.edge.pid);
      expect(await isAlive(other.edge.pid)).toBe(false);
      await next.stop();
    } finally {
      await other.close();
    }
  });

  it('starts over where the last one was killed', async () => {
    const other = await startTestEdge();
    try {
      process.kill(other.edge.pid, 'SIGKILL');
      expect(await waitUntil(async () => !(await isAlive(other.edge.pid)), 10)).toBe(true);
      const next = await startCaddy(other.options);
      await next.stop();
      expect(next.pid).not.toBe(other.edge.pid);
    } finally {
      await other.close();
    }
  });

  it('says which port another program has', async () => {
    const other = await startTestEdge();
    await other.edge.stop();
    const taker = createServer();
    await new Promise<void>((resolve) => taker.listen(other.options.port, resolve));
    try {
      const message = `Start platform on port "${other.options.port}": the port is in use; choose another with PANDECT_PORT`;
      await expect(startCaddy(other.options)).rejects.toThrow(message);
      await expect(assertCaddyCanListen(other.options)).rejects.toThrow(message);
      await expect(assertCaddyCanListen(test.options)).resolves.toBeUndefined();
    } finally {
      await new Promise((resolve) => taker.close(resolve));
      await other.close();
    }
  });
});
