import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { delimiter, dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TopRow } from '../../platform/supervisor/control-contract.ts';
import { freePort } from '../../platform/testing/free-port.ts';
import { type CheckoutCopy, copyCheckout } from '../support/checkout-copy.ts';
import { addEchoFunction, type EchoFunction } from '../support/echo-function.ts';
import { startLoad } from '../support/load.ts';
import { pandect, pandectJson, startTestPlatform, type TestPlatform } from '../support/platform.ts';

/** A newer Caddy than the distribution's: a program of the name `caddy`, in any folder. */
const caddy = process.env.PANDECT_PEER_CADDY;
if (!caddy) process.stderr.write('Skipped tests of a current Caddy: PANDECT_PEER_CADDY names none\n');

describe.skipIf(!caddy)('a current Caddy as the edge', () => {
  let copy: CheckoutCopy;
  let platform: TestPlatform;
  let echo: EchoFunction;
  let tlsPort: number;
  beforeAll(async () => {
    process.env.PATH = [dirname(caddy as string), process.env.PATH].join(delimiter);
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

  it('survives requests that are reset at once, with no work left behind', async () => {
    await echo.write({ version: 'version 2' });
    expect((await pandect(platform, 'deploy', 'echo')).status).toBe(0);
    const load = startLoad([{ name: 'health', visit: () => expectStatus(`${platform.url}/health`) }]);
    const working: number[] = [];
    const isOver = new AbortController();
    const watching = (async () => {
      while (!isOver.signal.aborted) working.push(await inFlight());
    })();
    const attack = Promise.all(Array.from({ length: 4 }, () => resetStreams(`${echo.path}?wait=1500`, 5_000)));
    const [clients] = await Promise.all([attack.finally(() => isOver.abort()), watching]);
    const { requests, failures } = await load.stop();
    process.stderr.write(`${JSON.stringify({ clients, requests, mostInFlight: Math.max(...working) })}\n`);
    expect(failures).toEqual([]);
    // A function takes no more at a time than its manifest says.
    expect(Math.max(...working)).toBeLessThanOrEqual(150);
    await expect.poll(inFlight, { timeout: 20_000, interval: 500 }).toBe(0);
    expect((await fetch(`${platform.url}${echo.path}`)).status).toBe(200);
  });

  const inFlight = async () => {
    const { value } = await pandectJson<TopRow[]>(platform, 'top', '--once');
    return value.filter(({ name }) => name === 'echo').reduce((sum, row) => sum + row.inFlight, 0);
  };

  /** Opens streams of HTTP/2 and resets each at once. @returns how many were sent before the edge ended the connection */
  async function resetStreams(path: string, count: number): Promise<{ sent: number; ended: boolean }> {
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
      const frames = Array.from({ length: 50 }, (_, n) => {
        const stream = 2 * (sent + n) + 1;
        return [frame(1, 5, stream, requestHeaders(path)), frame(3, 0, stream, Buffer.from([0, 0, 0, 8]))];
      });
      socket.write(Buffer.concat(frames.flat()));
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
