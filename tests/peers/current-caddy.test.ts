import { once } from 'node:events';
import { type ClientHttp2Stream, connect as connectHttp2, constants } from 'node:http2';
import { connect as connectTcp } from 'node:net';
import { delimiter, dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TopRow } from '../../platform/supervisor/control/contract.ts';
import { freePort } from '../../platform/testing/free-port.ts';
import { type CheckoutCopy, copyCheckout } from '../support/checkout-copy.ts';
import { ask } from '../support/control.ts';
import { addEchoFunction, type EchoFunction } from '../support/echo-function.ts';
import { startLoad } from '../support/http/load.ts';
import { readMetrics, sumOf } from '../support/metrics.ts';
import { pandect, startTestPlatform, type TestPlatform } from '../support/platform.ts';

/** A newer Caddy than the distribution's: a program of the name `caddy`, in any folder. */
const caddy = process.env.PANDECT_PEER_CADDY as string;

describe('a current Caddy as the edge', () => {
  let copy: CheckoutCopy;
  let platform: TestPlatform;
  let echo: EchoFunction;
  let tlsPort: number;
  beforeAll(async () => {
    process.env.PATH = [dirname(caddy), process.env.PATH].join(delimiter);
    tlsPort = await freePort();
    copy = await copyCheckout({ units: ['health'] });
    echo = await addEchoFunction(copy, 'echo');
    // HTTP/2 as with a domain, on a port of the test's own.
    const options = '\tskip_install_trust\n\tauto_https disable_redirects\n\tadmin unix';
    await copy.edit('Caddyfile', '\tadmin unix', options);
    await copy.edit('Caddyfile', '\n{$PANDECT_SITE} {', '\n(site) {');
    const sites = `{$PANDECT_SITE} {\n\timport site\n}\n\nhttps://localhost:${tlsPort} {\n\ttls internal\n\timport site\n}\n`;
    await copy.write('Caddyfile', `${await copy.read('Caddyfile')}\n${sites}`);
    platform = await startTestPlatform({ root: copy.root });
  });
  afterAll(async () => {
    await platform?.stop();
    await copy?.remove();
  });

  it('does not say 200 to a client that closes its side early and is refused', async () => {
    await echo.write({ status: 418, version: 'version 1' });
    expect((await pandect(platform, 'deploy', 'echo')).status).toBe(0);
    const socket = connectTcp({ port: Number(new URL(platform.url).port), allowHalfOpen: true });
    let answer = '';
    socket.setEncoding('latin1').on('data', (part: string) => {
      answer += part;
    });
    socket.end(`GET ${echo.path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    await once(socket, 'close');
    // The edge takes it for a client that left: a refused request never looks accepted.
    expect(answer).toMatch(/^HTTP\/1.1 (418|499) /);
  });

  it('cancels in the function each request that its client resets, and answers the others', async () => {
    await echo.write({ version: 'version 2' });
    expect((await pandect(platform, 'deploy', 'echo')).status).toBe(0);
    const before = await figures();
    const client = http2();
    try {
      const kept = Array.from({ length: 10 }, () => client.request({ ':path': `${echo.path}?wait=10000` }));
      const reset = Array.from({ length: 90 }, () => client.request({ ':path': `${echo.path}?wait=25000` }));
      const answers = Promise.all(kept.map(statusOf));
      // The first is reset when the function works on all of them.
      await expect.poll(async () => (await figures()).inFlight, { timeout: 9_000, interval: 100 }).toBe(100);
      for (const stream of reset) stream.close(constants.NGHTTP2_CANCEL);
      expect(await answers).toEqual(kept.map(() => 200));
      await expect.poll(figures, { timeout: 10_000, interval: 500 }).toEqual({
        inFlight: 0,
        begun: before.begun + 100,
        answered: before.answered + 10,
        cancelled: before.cancelled + 90,
      });
    } finally {
      client.destroy();
    }
  });

  it('survives floods of requests that are reset at once, and answers others between them', async () => {
    const before = await figures();
    const client = http2();
    const others = startLoad([
      { name: 'health', visit: () => expectStatus(`${platform.url}/health`) },
      {
        name: 'echo over HTTP/2',
        visit: async () => expect(await statusOf(client.request({ ':path': echo.path }))).toBe(200),
      },
    ]);
    const inFlight: number[] = [];
    const isOver = new AbortController();
    const watching = (async () => {
      while (!isOver.signal.aborted) {
        inFlight.push((await figures()).inFlight);
        await sleep(50);
      }
    })();
    // Most of those that are reset in the packet that opens them never reach the function; those that are reset later do.
    const path = `${echo.path}?wait=25000`;
    const attack = Promise.all([0, 0, 0, 20].map((pauseMs) => resetStreams(path, 5_000, pauseMs)));
    const [clients] = await Promise.all([attack.finally(() => isOver.abort()), watching]);
    const { requests, failures } = await others.stop();
    client.destroy();
    await expect.poll(async () => (await figures()).inFlight, { timeout: 20_000, interval: 500 }).toBe(0);
    const after = await figures();
    const grown = (name: keyof typeof after) => after[name] - before[name];
    const reached = { begun: grown('begun'), cancelled: grown('cancelled'), mostInFlight: Math.max(...inFlight) };
    process.stderr.write(`${JSON.stringify({ clients, requests, reached })}\n`);
    expect(failures).toEqual([]);
    expect(reached.cancelled).toBeGreaterThan(100);
    expect(grown('answered')).toBe(requests['echo over HTTP/2']);
    expect(reached.begun).toBe(grown('answered') + reached.cancelled);
    // A function takes no more at a time than its manifest says.
    expect(reached.mostInFlight).toBeLessThanOrEqual(150);
  });

  /** What the function has begun, answered, and broken off since its client left. */
  async function figures() {
    const rows = JSON.parse(await ask(platform, 'GET', '/top')) as TopRow[];
    const { inFlight, begun } = rows.find(({ name }) => name === 'echo') as TopRow;
    const series = await readMetrics(platform.url);
    const ended = (status: string) =>
      sumOf(series, 'http_requests_total', { endpoint: '/echo/{name}', method: 'GET', status });
    return { inFlight, begun, answered: ended('200'), cancelled: ended('499') };
  }

  const http2 = () => connectHttp2(`https://localhost:${tlsPort}`, { rejectUnauthorized: false });

  /**
   * Opens streams of HTTP/2, fifty at a time, and resets them after a pause; without one, in the packet that opens them.
   * @returns how many were sent before the edge ended the connection
   */
  async function resetStreams(path: string, count: number, pauseMs: number): Promise<{ sent: number; ended: boolean }> {
    const socket = connect({
      port: tlsPort,
      host: 'localhost',
      servername: 'localhost',
      ALPNProtocols: ['h2'],
      rejectUnauthorized: false,
    });
    socket.on('error', () => {});
    await once(socket, 'secureConnect');
    expect(socket.alpnProtocol).toBe('h2');
    let ended = false;
    socket.on('close', () => {
      ended = true;
    });
    socket.resume();
    socket.write(Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), frame(4, 0, 0)]));
    let sent = 0;
    for (; sent < count && !ended; sent += 50) {
      const streams = Array.from({ length: 50 }, (_, n) => 2 * (sent + n) + 1);
      const opening = streams.map((stream) => frame(1, 5, stream, requestHeaders(path)));
      const resets = streams.map((stream) => frame(3, 0, stream, Buffer.from([0, 0, 0, 8])));
      if (pauseMs === 0) socket.write(Buffer.concat(opening.flatMap((one, n) => [one, resets[n] as Buffer])));
      else {
        socket.write(Buffer.concat(opening));
        await sleep(pauseMs);
        socket.write(Buffer.concat(resets));
      }
      await sleep(1);
    }
    await sleep(500);
    const outcome = { sent, ended };
    socket.destroy();
    return outcome;
  }

  const requestHeaders = (path: string) =>
    // Of the static table: GET, https; then path and authority as literals. RFC 7541, appendix A.
    Buffer.concat([Buffer.from([0x82, 0x87]), literal(4, path), literal(1, `localhost:${tlsPort}`)]);
});

async function expectStatus(url: string): Promise<void> {
  const { status } = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  if (status !== 200) throw new Error(`answered ${status}`);
}

async function statusOf(stream: ClientHttp2Stream): Promise<number | undefined> {
  const [headers] = await once(stream, 'response', { signal: AbortSignal.timeout(20_000) });
  stream.resume();
  return headers[':status'];
}

const literal = (name: number, value: string) => Buffer.concat([Buffer.from([name, value.length]), Buffer.from(value)]);

/** RFC 9113, section 4.1. */
function frame(type: number, flags: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}
