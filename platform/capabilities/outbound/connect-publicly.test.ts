import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOutboundFetch } from './index.ts';
import type { Lookup } from './lookup-publicly.ts';

let visits = 0;
let server: Server;
let port: number;
beforeAll(async () => {
  server = createServer((_, response) => {
    visits++;
    response.setHeader('connection', 'close').end('reached');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});
afterAll(() => server.close());

const HOST = 'api.example.com';
/** What a name server answers, whatever is asked. */
const resolving =
  (...addresses: string[]): Lookup =>
  (_, options, done) => {
    expect(options.all).toBe(true);
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
const call = (host: string, resolve?: Lookup, internalHosts: string[] = []) =>
  createOutboundFetch([host], { internalHosts, ...(resolve && { resolve }) })(`http://${host}:${port}/`, {
    signal: AbortSignal.timeout(5_000),
  });
const refusal = { cause: { message: expect.stringMatching(/^Call host "api.example.com": .+ is internal/) } };

describe('a name that is allowed', () => {
  it.each([
    '127.0.0.1',
    '127.9.9.9',
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '169.254.169.254',
    '172.31.255.255',
    '192.168.1.1',
    '255.255.255.255',
    '::1',
    '::',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '64:ff9b::7f00:1',
    '64:ff9b::10.0.0.1',
    '2002:7f00:1::',
    'fd00:ec2::254',
    'fe80::1',
    'fec0::1',
    'ff02::1',
  ])('is not called at %s', async (address) => {
    const before = visits;
    await expect(call(HOST, resolving(address))).rejects.toMatchObject(refusal);
    expect(visits).toBe(before);
  });

  it('is not called when one of its addresses is internal', async () => {
    await expect(call(HOST, resolving('8.8.8.8', '127.0.0.1'))).rejects.toMatchObject(refusal);
  });

  it('is looked at again for each connection, so that a public address at first opens no way to an internal one', async () => {
    const answers = ['8.8.8.8', '127.0.0.1', '8.8.8.8', '::1'];
    const resolve: Lookup = (host, options, done) => resolving(answers.shift() ?? '127.0.0.1')(host, options, done);
    const outbound = createOutboundFetch([HOST], { resolve });
    const before = visits;
    const reasons: string[] = [];
    while (answers.length > 0) {
      // Nothing answers us at the public one.
      const failure = await outbound(`http://${HOST}:${port}/`, { signal: AbortSignal.timeout(300) }).catch(
        (error) => error,
      );
      reasons.push(String(failure.cause ?? failure));
    }
    expect(reasons.map((reason) => reason.includes('is internal'))).toEqual([false, true, false, true]);
    expect(visits).toBe(before);
  });

  it('is called at an internal address where the operator says that it has one', async () => {
    const response = await call(HOST, resolving('127.0.0.1'), [HOST.toUpperCase()]);
    expect(await response.text()).toBe('reached');
  });
});

it.each(['localhost', '127.0.0.1'])('calls %s, which is meant as it stands', async (host) => {
  expect(await (await call(host)).text()).toBe('reached');
});

it.each(['8.8.8.8', '2606:4700::1111', '2001:4860:4860::8888', '1.1.1.1'])('lets %s pass', async (address) => {
  // Nothing listens there for us; what counts is why it fails, if it does.
  const outbound = createOutboundFetch([HOST], { resolve: resolving(address) });
  const failure = await outbound(`http://${HOST}:1/`, { signal: AbortSignal.timeout(200) }).catch((error) => error);
  expect(String(failure.cause ?? failure)).not.toContain('is internal');
});

it.each([
  [true, 1],
  [false, 2],
])('opens connections that are kept (%s): two calls need %i', async (isKept, expected) => {
  let opened = 0;
  const one = createServer((_, response) => response.end('reached')).listen(0, '127.0.0.1');
  one.on('connection', () => {
    opened += 1;
  });
  await once(one, 'listening');
  const connections = { connectMs: 5_000, most: 1, isKept };
  const outbound = createOutboundFetch(['127.0.0.1'], { connections });
  for (let n = 0; n < 2; n += 1) {
    const response = await outbound(`http://127.0.0.1:${(one.address() as AddressInfo).port}/`);
    expect(await response.text()).toBe('reached');
  }
  expect(opened).toBe(expected);
  one.closeAllConnections();
  one.close();
});
