import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ActivatorFixture, activatorFixture, answerTo, readAnswer, until } from './activator.fixture.ts';

let fixture: ActivatorFixture;
beforeEach(async () => {
  fixture = await activatorFixture();
});
afterEach(() => fixture.close());

describe('a change of protocol', () => {
  const headers = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-key': 'a2V5' };
  const open = async () => {
    const asked = fixture.open({ headers, agent: false });
    asked.end();
    return asked;
  };
  const accept = (socket: Duplex, first = '') =>
    socket.write(`HTTP/1.1 101 Yes\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nX-Accept: ok\r\n\r\n${first}`);

  it('is held too, and both sides then talk as they like', async () => {
    const { activator, wake } = await fixture.asleep((server) =>
      server.on('upgrade', ({ headers: received }, socket) => {
        accept(socket, `key ${received['sec-websocket-key']}`);
        socket.on('data', (data: Buffer) => socket.write(`echo ${data}`));
        socket.on('end', () => socket.end());
      }),
    );
    const asked = await open();
    await until(() => activator.held() === 1);
    const switched = once(asked, 'upgrade');
    wake();
    const [answer, socket, head] = (await switched) as [IncomingMessage, Duplex, Buffer];
    expect(answer.headers).toEqual({ connection: 'Upgrade', upgrade: 'websocket', 'x-accept': 'ok' });
    let received = head.toString();
    socket.on('data', (data: Buffer) => {
      received += data;
    });
    await until(() => received === 'key a2V5');
    socket.write('one');
    await until(() => received === 'key a2V5echo one');
    socket.end();
    await once(socket, 'close');
  });

  it('ends for the client when the instance ends it', async () => {
    const { wake } = await fixture.asleep((server) =>
      server.on('upgrade', (_, socket) => {
        accept(socket);
        socket.on('data', () => socket.destroy());
      }),
    );
    wake();
    const [, socket] = (await once(await open(), 'upgrade')) as [IncomingMessage, Duplex];
    socket.on('error', () => {});
    const closed = once(socket, 'close');
    socket.write('end');
    socket.resume();
    await closed;
  });

  it('can be refused by the instance, and by the activator', async () => {
    const { activator, wake } = await fixture.asleep((server) =>
      server.on('upgrade', (_, socket) =>
        socket.end('HTTP/1.1 401 No\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno'),
      ),
    );
    wake();
    expect(await readAnswer(await answerTo(await open()))).toMatchObject({ status: 401, body: 'no' });
    activator.refuse('crash loop');
    expect(await readAnswer(await answerTo(await open()))).toMatchObject({ status: 503 });
  });

  it('is forgotten when the client leaves while it is held', async () => {
    const { activator } = await fixture.asleep(() => {});
    const asked = await open();
    asked.on('error', () => {});
    await until(() => activator.held() === 1);
    asked.destroy();
    await until(() => activator.held() === 0);
    expect(activator.held()).toBe(0);
  });
});
