import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { copyCheckout } from '../support/checkout-copy.ts';
import { createAccount, send } from '../support/http/client.ts';
import { startTestPlatform } from '../support/platform.ts';

// With the rates of a platform that serves.
const copy = await copyCheckout({
  units: ['auth', 'billing', 'documents', 'ingest', 'maintenance', 'notify', 'subscriptions'],
});
const platform = await startTestPlatform({
  root: copy.root,
  env: { RATE_LIMIT_API_RPS: '10', RATE_LIMIT_AUTH_RPS: '5' },
});
const { url } = platform;
afterAll(() => platform.stop().finally(copy.remove));

// Each bad client has an address of its own: most of the time is waiting, which all do at once.

/** A connection of another client, out of 127.0.0.0/8. */
function open(localAddress: string): { socket: Socket; text: () => string } {
  const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', localAddress });
  let text = '';
  socket.setEncoding('latin1').on('data', (part: string) => {
    text += part;
  });
  socket.on('error', () => {});
  return { socket, text: () => text };
}

const json = 'Host: localhost\r\nContent-Type: application/json\r\n';

describe.concurrent('bodies that never come', () => {
  it.each([
    ['127.0.0.9', '/api/billing/webhooks/yookassa', 'Content-Length: 65536\r\n\r\n', 'GET /api/plans', 200],
    ['127.0.0.10', '/api/auth/login', 'Transfer-Encoding: chunked\r\n\r\n10000\r\n', 'POST /api/auth/login', 401],
  ] as const)('from %s to %s keep no other client out', async (address, path, rest, other, expected) => {
    const sockets: Socket[] = [];
    const statuses: number[] = [];
    try {
      // Twenty a second for as long as filled 150 places by far before.
      for (let n = 0; n < 360; n++) {
        const { socket } = open(address);
        socket.write(`POST ${path} HTTP/1.1\r\n${json}${rest}${'a'.repeat(1000)}`);
        sockets.push(socket);
        await sleep(50);
        if (n % 30 !== 29) continue;
        const body = other.startsWith('POST') && {
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ email: 'someone@example.org', password: `not it ${n}` }),
        };
        statuses.push((await send(url, other, { ...body })).status);
      }
    } finally {
      for (const socket of sockets) socket.destroy();
    }
    // Guesses of one account are slowed down as well.
    expect(statuses.filter((status) => status !== expected && status !== 429)).toEqual([]);
    expect(statuses).toContain(expected);
  });
});

describe.concurrent('connections', () => {
  it('end whose headers come too slowly, or not at all', async () => {
    const silent = open('127.0.0.11');
    const slow = open('127.0.0.11');
    slow.socket.write('GET /api/plans HTTP/1.1\r\nHost: localhost\r\n');
    const trickle = setInterval(() => slow.socket.write('X-More: 1\r\n'), 1000);
    try {
      await Promise.all([silent, slow].map(({ socket }) => once(socket, 'close')));
    } finally {
      clearInterval(trickle);
    }
    expect(slow.text()).not.toContain('200 OK');
  });

  it('with more headers than anybody needs are refused', async ({ expect }) => {
    const { socket, text } = open('127.0.0.12');
    socket.write(`GET /api/plans HTTP/1.1\r\nHost: localhost\r\n${`X-More: ${'a'.repeat(1000)}\r\n`.repeat(60)}\r\n`);
    await expect.poll(text).toMatch(/^HTTP\/1.1 431/);
  });

  it('with an upload last as long as it comes', async ({ expect }) => {
    const account = await createAccount(platform, { tier: 'demo' });
    const content = 'Article 1. The fee is 12 euros.\n'.repeat(40);
    const form = `--b\r\nContent-Disposition: form-data; name="file"; filename="slow.txt"\r\n\r\n${content}\r\n--b--\r\n`;
    const { socket, text } = open('127.0.0.1');
    socket.write(
      `POST /api/documents HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: ${form.length}\r\n`,
    );
    socket.write(
      `Authorization: Bearer ${account.session.accessToken}\r\nContent-Type: multipart/form-data; boundary=b\r\n\r\n`,
    );
    // Longer than a small body may take, and than headers may.
    for (let at = 0; at < form.length; at += 100) {
      socket.write(form.slice(at, at + 100));
      await sleep(900);
    }
    await expect.poll(text, { timeout: 10_000 }).toMatch(/^HTTP\/1.1 202/);
  });
});
