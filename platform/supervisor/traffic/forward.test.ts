import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answerTo, readAnswer, until, type WakerFixture, wakerFixture } from './waker.fixture.ts';

let fixture: WakerFixture;
beforeEach(async () => {
  fixture = await wakerFixture();
});
afterEach(() => fixture.close());

/** A waker whose request waits until the instance is `wake`d. */
async function asleep(configure: Parameters<WakerFixture['instance']>[0]) {
  const instance = await fixture.instance(configure);
  const woken = Promise.withResolvers<typeof instance>();
  const waker = await fixture.waker({ wake: () => woken.promise });
  return { waker, wake: () => woken.resolve(instance) };
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
}

describe('a held request', () => {
  it.each([['content-length'], ['transfer-encoding']])(
    'delivers five megabytes intact, framed by %s',
    async (framing) => {
      const body = randomBytes(5 * 1024 ** 2);
      const { waker, wake } = await asleep((server) =>
        server.on('request', async (request, response) => {
          const received = await bytesOf(request);
          response.end(`${request.headers[framing]} ${received.equals(body)}`);
        }),
      );
      const value = framing === 'content-length' ? String(body.length) : 'chunked';
      const asked = fixture.ask({ method: 'POST', headers: { [framing]: value } }, body);
      await until(() => waker.held() === 1);
      wake();
      expect((await asked).body).toBe(`${value} true`);
    },
  );

  it('keeps method, path and headers as they were, those of its connection left out', async () => {
    const { wake } = await asleep((server) =>
      server.on('request', ({ method, url, rawHeaders }, response) =>
        response.end(JSON.stringify([method, url, rawHeaders])),
      ),
    );
    wake();
    const headers = {
      host: 'example.org',
      'X-Forwarded-For': ['10.0.0.1', '10.0.0.2'],
      'X-Name': 'ü',
      Connection: 'keep-alive, x-hop',
      'Keep-Alive': 'timeout=5',
      'X-Hop': '1',
    };
    const { body } = await fixture.ask({ method: 'DELETE', path: '/a%2Fb?c=%20&c', headers });
    expect(JSON.parse(body)).toEqual([
      'DELETE',
      '/a%2Fb?c=%20&c',
      ['host', 'example.org', 'X-Forwarded-For', '10.0.0.1', 'X-Forwarded-For', '10.0.0.2']
        .concat(['X-Name', 'ü'])
        .concat(['Connection', 'close']),
    ]);
  });

  it('gets the answer as it is: status, repeated headers and trailers', async () => {
    const { wake } = await asleep((server) =>
      server.on('request', (_, response) => {
        response.writeHead(418, 'Tea', [
          ...['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'Trailer', 'X-Sum'],
          ...['Date', 'then', 'Keep-Alive', 'timeout=9', 'X-Own', 'ü'],
        ]);
        response.write(Buffer.from('tea')); // a string would change how Node encodes the headers
        response.addTrailers({ 'X-Sum': '3' });
        response.end();
      }),
    );
    wake();
    const answer = await fixture.ask();
    expect(answer).toMatchObject({ status: 418, body: 'tea', rawTrailers: ['X-Sum', '3'] });
    expect(answer.headers).toEqual({
      ...{ 'set-cookie': ['a=1', 'b=2'], trailer: 'X-Sum', date: 'then', 'x-own': 'ü' },
      ...{ connection: 'close', 'transfer-encoding': 'chunked' },
    });
  });

  it('that is a HEAD gets the length and no body', async () => {
    const { wake } = await asleep((server) =>
      server.on('request', (_, response) => response.writeHead(200, { 'content-length': 12 }).end()),
    );
    wake();
    expect(await fixture.ask({ method: 'HEAD' })).toMatchObject({ headers: { 'content-length': '12' }, body: '' });
  });

  it('is told to continue by the instance alone', async () => {
    const { waker, wake } = await asleep((server) =>
      server.on('request', async (request, response) => response.end(await bytesOf(request))),
    );
    const asked = fixture.open({ method: 'POST', headers: { expect: '100-continue', 'content-length': 4 } });
    let continued = false;
    asked.on('continue', () => {
      continued = true;
      asked.end('body');
    });
    asked.flushHeaders();
    await until(() => waker.held() === 1);
    expect(continued).toBe(false);
    wake();
    expect((await readAnswer(await answerTo(asked))).body).toBe('body');
  });

  it('gets early hints before the answer', async () => {
    const link = '</style.css>; rel=preload; as=style';
    const { wake } = await asleep((server) =>
      server.on('request', (_, response) => response.writeEarlyHints({ link }, () => response.end())),
    );
    wake();
    const asked = fixture.open();
    const hints = once(asked, 'information');
    asked.end();
    await answerTo(asked).then(readAnswer);
    expect((await hints)[0]).toMatchObject({ statusCode: 103, headers: { link } });
  });

  it('gets each event of a stream when it is sent', async () => {
    let send: (text: string) => void = () => {};
    const { wake } = await asleep((server) =>
      server.on('request', (_, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
        send = (text) => void (text === '' ? response.end() : response.write(text));
      }),
    );
    wake();
    const asked = fixture.open();
    asked.end();
    const answer = (await answerTo(asked)).setEncoding('utf8');
    for (const event of ['data: 1\n\n', 'data: 2\n\n']) {
      const received = once(answer, 'data');
      send(event);
      expect(await received).toEqual([event]);
    }
    send('');
    await once(answer, 'end');
  });
});

describe('a side that leaves', () => {
  it('is dropped while it waits, and the instance never hears of it', async () => {
    let heard = 0;
    const { waker, wake } = await asleep((server) =>
      server.on('request', (_, response) => {
        heard++;
        response.end();
      }),
    );
    const left = fixture.open();
    left.on('error', () => {});
    left.end();
    await until(() => waker.held() === 1);
    left.destroy();
    await until(() => waker.held() === 0);
    wake();
    await fixture.ask();
    expect(heard).toBe(1);
  });

  it.each([['before'], ['during']])('ends the request at the instance, %s its answer', async (moment) => {
    const arrived = Promise.withResolvers<void>();
    const gone = Promise.withResolvers<void>();
    const { wake } = await asleep((server) =>
      server.on('request', (_, response) => {
        response.once('close', gone.resolve);
        if (moment === 'during') response.write('part');
        arrived.resolve();
      }),
    );
    wake();
    const asked = fixture.open();
    asked.on('error', () => {});
    asked.on('response', (answer) => answer.on('error', () => {}));
    const answered = moment === 'during' ? answerTo(asked) : undefined;
    asked.end();
    await Promise.all([arrived.promise, answered]);
    asked.destroy();
    await gone.promise;
  });

  it('as the instance, before it answers: the client is refused', async () => {
    const { wake } = await asleep((server) => server.on('request', (request) => request.socket.destroy()));
    wake();
    expect((await fixture.ask()).status).toBe(503);
  });

  it('as the instance, within its answer: the client sees that the answer is not whole', async () => {
    const { wake } = await asleep((server) =>
      server.on('request', (request, response) => response.write('part', () => request.socket.destroy())),
    );
    wake();
    await expect(fixture.ask()).rejects.toThrow('aborted');
  });

  it('as the instance, which does not want the body: the client gets its answer', async () => {
    const { wake } = await asleep((server) =>
      server.on('request', (_, response) => response.writeHead(413, { connection: 'close' }).end('too large')),
    );
    wake();
    const asked = fixture.open({ method: 'POST', headers: { 'content-length': 50_000_000 } });
    asked.write('x'.repeat(100_000));
    const answer = await readAnswer(await answerTo(asked));
    asked.on('error', () => {});
    asked.destroy();
    expect(answer).toMatchObject({ status: 413, body: 'too large' });
  });
});

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
    const { waker, wake } = await asleep((server) =>
      server.on('upgrade', ({ headers: received }, socket) => {
        accept(socket, `key ${received['sec-websocket-key']}`);
        socket.on('data', (data: Buffer) => socket.write(`echo ${data}`));
        socket.on('end', () => socket.end());
      }),
    );
    const asked = await open();
    await until(() => waker.held() === 1);
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
    const { wake } = await asleep((server) =>
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

  it('can be refused by the instance, and by the waker', async () => {
    const { waker, wake } = await asleep((server) =>
      server.on('upgrade', (_, socket) =>
        socket.end('HTTP/1.1 401 No\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno'),
      ),
    );
    wake();
    expect(await readAnswer(await answerTo(await open()))).toMatchObject({ status: 401, body: 'no' });
    waker.refuse('crash loop');
    expect(await readAnswer(await answerTo(await open()))).toMatchObject({ status: 503 });
  });

  it('is forgotten when the client leaves while it is held', async () => {
    const { waker } = await asleep(() => {});
    const asked = await open();
    asked.on('error', () => {});
    await until(() => waker.held() === 1);
    asked.destroy();
    await until(() => waker.held() === 0);
    expect(waker.held()).toBe(0);
  });
});
