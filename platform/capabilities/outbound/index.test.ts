import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { checkOutbound, createOutboundFetch } from './index.ts';
import { createPlaces } from './places.ts';

describe('outbound allowlist', () => {
  it.each([
    ['https://api.example.com/v1', ['api.example.com']],
    ['https://API.Example.com/v1', ['api.EXAMPLE.com']],
    ['https://api.example.com/v1', ['other.example', 'api.example.com:443']],
    ['http://127.0.0.1:4000/v1', ['127.0.0.1:4000']],
    ['http://[::1]:4000/v1', ['[::1]']],
  ])('lets %s pass for %j', (url, allowed) => {
    expect(() => checkOutbound(url, allowed)).not.toThrow();
  });

  it.each([
    ['https://api.example.com.evil.example/v1', ['api.example.com']],
    ['https://evil.example/api.example.com', ['api.example.com']],
    ['https://api.example.com@evil.example/', ['api.example.com']],
    ['http://127.0.0.1:4000/v1', ['api.example.com']],
    ['http://localhost/v1', []],
    ['http://127.0.0.1:4001/v1', ['127.0.0.1:4000']],
  ])('stops %s for %j and names the list', (url, allowed) => {
    expect(() => checkOutbound(url, allowed)).toThrow('OUTBOUND_WHITELIST');
  });

  it.each(['file:///etc/passwd', 'nonsense'])('stops %s, which is no HTTP URL', (url) => {
    expect(() => checkOutbound(url, ['*', ''])).toThrow(url);
  });

  it('does not follow a redirect', async () => {
    const visited: string[] = [];
    const server = createServer((request, response) => {
      visited.push(request.url ?? '');
      response.writeHead(302, { location: '/elsewhere' }).end();
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const response = await createOutboundFetch(['127.0.0.1'])(`http://127.0.0.1:${port}/first`);
    await response.body?.cancel();
    await expect(
      createOutboundFetch(['127.0.0.1'])(`http://127.0.0.1:${port}/first`, { redirect: 'error' }),
    ).rejects.toThrow();
    await createOutboundFetch(['127.0.0.1'])(`http://127.0.0.1:${port}/first`, { redirect: 'follow' });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expect(response.status).toBe(302);
    expect(visited).toEqual(['/first', '/first', '/first']);
  });
});

describe('places of outbound requests', () => {
  /** Answers `/slow` when it is told to, all else at once. */
  async function server() {
    const told = Promise.withResolvers<void>();
    const ports = new Set<number | undefined>();
    const made = createServer(async (request, response) => {
      ports.add(request.socket.remotePort);
      response.write('begun ');
      if (request.url === '/slow') await told.promise;
      response.end('done');
    }).listen(0, '127.0.0.1');
    await once(made, 'listening');
    onTestFinished(async () => {
      made.closeAllConnections();
      made.close();
    });
    return { url: `http://127.0.0.1:${(made.address() as AddressInfo).port}`, answer: told.resolve, ports };
  }

  it('are waited for when all are taken, and free again when an answer was read', async () => {
    const { url, answer } = await server();
    const call = createOutboundFetch(['127.0.0.1'], { places: createPlaces({ most: 2, kept: 2, waitMs: 5_000 }) });
    const first = [await call(`${url}/slow`), await call(`${url}/slow`)];
    let isThere = false;
    const third = call(`${url}/third`).then((response) => {
      isThere = true;
      return response.text();
    });
    await sleep(100);
    expect(isThere).toBe(false);
    answer();
    expect(await Promise.all(first.map((response) => response.text()))).toEqual(['begun done', 'begun done']);
    expect(await third).toBe('begun done');
  });

  it('are refused after the wait, as temporarily unavailable, and nothing is sent', async () => {
    const { url, ports } = await server();
    const call = createOutboundFetch(['127.0.0.1'], { places: createPlaces({ most: 1, kept: 1, waitMs: 50 }) });
    const first = await call(`${url}/slow`);
    await expect(call(`${url}/second`)).rejects.toMatchObject({ type: 'unavailable', headers: { 'retry-after': '1' } });
    expect(ports.size).toBe(1);
    await first.body?.cancel();
    expect(await (await call(`${url}/third`)).text()).toBe('begun done');
  });

  it('are free again after a request that failed, or that its caller gave up', async () => {
    const { url } = await server();
    const call = createOutboundFetch(['127.0.0.1'], { places: createPlaces({ most: 1, kept: 1, waitMs: 50 }) });
    await expect(call('http://127.0.0.1:1/')).rejects.toThrow('fetch failed');
    const leaving = new AbortController();
    const left = await call(`${url}/slow`, { signal: leaving.signal });
    leaving.abort();
    await expect(left.text()).rejects.toThrow();
    expect(await (await call(url)).text()).toBe('begun done');
  });

  it.each([
    [1, false],
    [0, true],
  ])('with %i of them kept, need a new connection each: %s', async (kept, isEach) => {
    const { url, ports } = await server();
    const call = createOutboundFetch(['127.0.0.1'], { places: createPlaces({ most: 1, kept, waitMs: 1_000 }) });
    for (let n = 0; n < 5; n += 1) await (await call(url)).text();
    expect(ports.size === 5).toBe(isEach);
  });
});
