import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { deflateRawSync, deflateSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { createPlaces } from '../../../platform/capabilities/outbound/places.ts';
import { localhostCertificate } from '../../testing/mail-server.ts';
import { startUpstreamServer, type UpstreamReply } from '../../testing/upstream-server.ts';
import type { Provider } from '../providers/adapter.ts';
import { createTransport, type Transport, type TransportOptions } from './transport.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const provider: Provider = {
  name: 'main',
  kind: 'openai',
  baseUrl: '',
  keys: [],
  timeouts: { connectMs: 300, firstMs: 1_000, idleMs: 1_000, totalMs: 5_000 },
  options: {},
};

function transport(options: Partial<TransportOptions> = {}): Transport {
  const made = createTransport({ allowedHosts: ['127.0.0.1'], ...options });
  closing.push(() => made.close());
  return made;
}

async function upstream(...replies: UpstreamReply[]) {
  const server = await startUpstreamServer(replies);
  closing.push(() => server.close());
  return server;
}

const post = (url: string, body: string | Buffer = '{}') => ({ method: 'POST' as const, url, headers: {}, body });
const patient = new AbortController().signal;

describe('transport', () => {
  it('sends a request and hands back the answer', async () => {
    const server = await upstream({ status: 201, headers: { 'x-request-id': 'r1' }, steps: ['first ', 'second'] });
    const response = await transport().send(provider, post(`${server.baseUrl}/chat`, '{"a":"ж"}'), patient);
    expect(response.status).toBe(201);
    expect(response.headers['x-request-id']).toBe('r1');
    expect(String(await buffer(response.body))).toBe('first second');
    const [visit] = server.visits;
    expect(visit).toMatchObject({ method: 'POST', path: '/v1/chat' });
    expect(visit?.headers).toMatchObject({ 'accept-encoding': 'identity', 'content-length': '10' });
    expect(String(visit?.body)).toBe('{"a":"ж"}');
  });

  it('has a request wait for a place, refuses it after the time, and has room again after each end', async () => {
    const server = await upstream({ steps: ['first', 'hang'] }, { steps: ['second'] });
    const one = transport({ places: createPlaces({ most: 1, kept: 1, waitMs: 100 }) });
    const send = () => one.send(provider, post(server.baseUrl), patient);
    const first = await send();
    await expect(send()).rejects.toMatchObject({
      type: 'unavailable',
      message: 'Wait for an outbound connection: none of 1 became free in 100 ms',
    });
    expect(server.visits).toHaveLength(1);
    const waiting = send();
    first.body.on('error', () => {}).destroy();
    expect(String(await buffer((await waiting).body))).toBe('second');
    const unreachable = { ...post('http://127.0.0.1:1/') };
    await expect(one.send(provider, unreachable, patient)).rejects.toMatchObject({ reason: 'unreachable' });
    await buffer((await send()).body);
  });

  it('trusts the private authority of its provider, and no other', async () => {
    const server = createHttpsServer(localhostCertificate, (_, response) => response.end('trusted')).listen(
      0,
      'localhost',
    );
    await once(server, 'listening');
    const folder = await mkdtemp(join(tmpdir(), 'authority-'));
    closing.push(
      () => server.close(),
      () => server.closeAllConnections(),
      () => rm(folder, { recursive: true }),
    );
    const caPath = join(folder, 'authority.pem');
    await writeFile(caPath, localhostCertificate.cert);
    const one = transport({ allowedHosts: ['localhost'] });
    const request = post(`https://localhost:${(server.address() as AddressInfo).port}/`);
    const patientProvider = { ...provider, timeouts: { ...provider.timeouts, connectMs: 5_000 } };
    const trusting = await one.send({ ...patientProvider, caPath }, request, patient);
    expect(String(await buffer(trusting.body))).toBe('trusted');
    // The connection that was trusted serves no provider that does not.
    await expect(one.send(patientProvider, request, patient)).rejects.toMatchObject({ reason: 'unreachable' });
    const missing = { ...patientProvider, caPath: join(folder, 'missing.pem') };
    await expect(one.send(missing, request, patient)).rejects.toMatchObject({ code: 'ca_unreadable' });
  });

  it('uses a connection again', async () => {
    const server = await upstream({ steps: ['x'] });
    const one = transport();
    for (let n = 0; n < 5; n += 1) await buffer((await one.send(provider, post(server.baseUrl), patient)).body);
    expect(await server.connections()).toBe(1);
  });

  /** Resets its kept connections so long after a second request came, and says what came. */
  async function resettingServer(afterMs: number) {
    const seen: string[] = [];
    const server = createServer((socket) => {
      let isUsed = false;
      socket.on('error', () => {});
      socket.on('data', () => {
        seen.push(isUsed ? 'second' : 'first');
        if (!isUsed) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx');
        else if (afterMs === 0) socket.resetAndDestroy();
        else setTimeout(() => socket.resetAndDestroy(), afterMs);
        isUsed = true;
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    closing.push(() => server.close());
    return { seen, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
  }

  it('repeats a request whose kept connection was closed by the server', async () => {
    // As a server does that has just given up waiting for it.
    const { seen, url } = await resettingServer(0);
    const one = transport();
    for (let n = 0; n < 2; n += 1) {
      expect(String(await buffer((await one.send(provider, post(url), patient)).body))).toBe('x');
    }
    expect(seen).toEqual(['first', 'second', 'first']);
  });

  it('does not repeat one that the server had for a while', async () => {
    const { seen, url } = await resettingServer(1_200);
    const one = transport();
    await buffer((await one.send(provider, post(url), patient)).body);
    await expect(one.send(provider, post(url), patient)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(seen).toEqual(['first', 'second']);
  });

  it.each(['gzip', 'deflate', 'br', 'zstd'] as const)(
    'decodes %s, piece by piece, without headers that no longer hold',
    async (encoding) => {
      const server = await upstream({ encoding, steps: ['first ', { waitMs: 50 }, 'second', 'hang'] });
      const response = await transport().send(provider, post(server.baseUrl), patient);
      expect(response.headers).not.toHaveProperty('content-encoding');
      expect(response.headers).not.toHaveProperty('content-length');
      expect(String((await once(response.body, 'data'))[0])).toBe('first ');
      expect(String((await once(response.body, 'data'))[0])).toBe('second');
      response.body.on('error', () => {}).destroy();
      await server.visits[0]?.ended;
      expect(server.visits[0]?.closedAt).toBeDefined();
    },
  );

  it.each([
    ['with the header of zlib', deflateSync],
    ['without it', deflateRawSync],
    ['without it, stored', (text: string) => deflateRawSync(text, { level: 0 })],
  ])('decodes deflate %s, wherever it is cut', async (_, deflate) => {
    const text = 'Привет '.repeat(3);
    const bytes = deflate(text);
    const headers = { 'content-encoding': 'deflate' };
    const server = await upstream({ headers, isBytewise: true, steps: [bytes] }, { headers, steps: [bytes, 'cut'] });
    const one = transport();
    const { body } = await one.send(provider, post(server.baseUrl), patient);
    expect(String(await buffer(body))).toBe(text);
    const cut = await one.send(provider, post(server.baseUrl), patient);
    await expect(buffer(cut.body)).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it.each(['gzip', 'deflate'] as const)('decodes no more of %s than is read', async (encoding) => {
    const server = await upstream({ encoding, steps: [{ bytes: Buffer.alloc(65_536), times: 4_000 }] });
    const { body } = await transport().send(provider, post(server.baseUrl), patient);
    let bytes = 0;
    for await (const piece of body) {
      bytes += piece.length;
      if (bytes > 2_000_000) break;
    }
    await server.visits[0]?.ended;
    expect(server.visits[0]?.closedAt).toBeDefined();
  });

  it('names an encoding that it does not know, and one that is none', async () => {
    const server = await upstream(
      { headers: { 'content-encoding': 'snappy' }, steps: ['x'] },
      { headers: { 'content-encoding': 'gzip' }, steps: ['no gzip at all'] },
    );
    const one = transport();
    await expect(one.send(provider, post(server.baseUrl), patient)).rejects.toMatchObject({ reason: 'broken' });
    const response = await one.send(provider, post(server.baseUrl), patient);
    await expect(buffer(response.body)).rejects.toMatchObject({ code: 'Z_DATA_ERROR' });
  });

  it('does not follow a redirect', async () => {
    const server = await upstream({ status: 302, headers: { location: '/elsewhere' } });
    expect((await transport().send(provider, post(server.baseUrl), patient)).status).toBe(302);
    expect(server.visits).toHaveLength(1);
  });

  it.each([
    [['other.example'], 'http://127.0.0.1:1/', 'not_in_OUTBOUND_WHITELIST'],
    [['127.0.0.1'], 'file:///etc/passwd', 'invalid_url'],
    [['127.0.0.1'], 'nonsense', 'invalid_url'],
    [['127.0.0.1'], 'http://127.0.0.1:1/', 'ECONNREFUSED'],
  ])('with the list %j does not reach %s: %s', async (allowedHosts, url, code) => {
    await expect(transport({ allowedHosts }).send(provider, post(url), patient)).rejects.toMatchObject({
      reason: 'unreachable',
      code,
    });
  });

  it('refuses a name that leads to an internal address unless it is listed', async () => {
    const server = await upstream({ steps: ['x'] });
    const url = server.baseUrl.replace('127.0.0.1', 'upstream.example');
    const options = {
      allowedHosts: ['upstream.example'],
      resolve: ((_, __, done) => done(null, [{ address: '127.0.0.1', family: 4 }])) as TransportOptions['resolve'] & {},
    };
    await expect(transport(options).send(provider, post(url), patient)).rejects.toMatchObject({
      code: 'INTERNAL_ADDRESS',
    });
    const listed = transport({ ...options, internalHosts: ['upstream.example'] });
    expect((await listed.send(provider, post(url), patient)).status).toBe(200);
    expect(server.visits).toHaveLength(1);
  });

  it('gives up a connection that is not there in time', async () => {
    // Its TLS never begins.
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    closing.push(() => silent.close());
    const url = `https://127.0.0.1:${(silent.address() as AddressInfo).port}/`;
    const started = performance.now();
    await expect(transport().send(provider, post(url), patient)).rejects.toMatchObject({
      reason: 'unreachable',
      code: 'connect_timeout',
    });
    expect(performance.now() - started).toBeGreaterThan(290);
  });

  it.each([
    ['garbage', { garbage: 'no HTTP at all\r\n\r\n' }],
    ['headers without end', { headers: { 'x-long': 'x'.repeat(40_000) } }],
  ] as const)('calls %s broken', async (_, reply) => {
    const server = await upstream(reply as UpstreamReply);
    await expect(transport().send(provider, post(server.baseUrl), patient)).rejects.toMatchObject({ reason: 'broken' });
  });

  it('closes the connection at once when the caller leaves, before the answer and in its middle', async () => {
    const server = await upstream({ headersAfterMs: 10_000 }, { steps: ['x', 'hang'] });
    const one = transport();
    const first = new AbortController();
    const waiting = one.send(provider, post(server.baseUrl), first.signal);
    while (server.visits.length === 0) await sleep(5);
    first.abort();
    await expect(waiting).rejects.toMatchObject({ reason: 'cancelled' });
    const second = new AbortController();
    const { body } = await one.send(provider, post(server.baseUrl), second.signal);
    body.on('error', () => {});
    await once(body, 'data');
    second.abort();
    for (const visit of server.visits) {
      await visit.ended;
      expect(visit.closedAt).toBeDefined();
    }
    await expect(one.send(provider, post(server.baseUrl), second.signal)).rejects.toMatchObject({
      reason: 'cancelled',
    });
    expect(server.visits).toHaveLength(2);
  });
});
