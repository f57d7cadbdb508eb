import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { checkOutbound, createOutboundFetch } from './index.ts';

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
