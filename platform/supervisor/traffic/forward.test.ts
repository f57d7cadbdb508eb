import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ActivatorFixture, activatorFixture, answerTo, readAnswer, until } from './activator.fixture.ts';

let fixture: ActivatorFixture;
beforeEach(async () => {
  fixture = await activatorFixture();
});
afterEach(() => fixture.close());

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
      const { activator, wake } = await fixture.asleep((server) =>
        server.on('request', async (request, response) => {
          const received = await bytesOf(request);
          response.end(`${request.headers[framing]} ${received.equals(body)}`);
        }),
      );
      const value = framing === 'content-length' ? String(body.length) : 'chunked';
      const asked = fixture.ask({ method: 'POST', headers: { [framing]: value } }, body);
      await until(() => activator.held() === 1);
      wake();
      expect((await asked).body).toBe(`${value} true`);
    },
  );

  it('keeps method, path and headers as they were, those of its connection left out', async () => {
    const { wake } = await fixture.asleep((server) =>
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
        .concat(['Connection', 'keep-alive']),
    ]);
  });

  it('gets the answer as it is: status, repeated headers and trailers', async () => {
    const { wake } = await fixture.asleep((server) =>
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
    const { wake } = await fixture.asleep((server) =>
      server.on('request', (_, response) => response.writeHead(200, { 'content-length': 12 }).end()),
    );
    wake();
    expect(await fixture.ask({ method: 'HEAD' })).toMatchObject({ headers: { 'content-length': '12' }, body: '' });
  });

  it('is told to continue by the instance alone', async () => {
    const { activator, wake } = await fixture.asleep((server) =>
      server.on('request', async (request, response) => response.end(await bytesOf(request))),
    );
    const asked = fixture.open({ method: 'POST', headers: { expect: '100-continue', 'content-length': 4 } });
    let continued = false;
    asked.on('continue', () => {
      continued = true;
      asked.end('body');
    });
    asked.flushHeaders();
    await until(() => activator.held() === 1);
    expect(continued).toBe(false);
    wake();
    expect((await readAnswer(await answerTo(asked))).body).toBe('body');
  });

  it('gets early hints before the answer', async () => {
    const link = '</style.css>; rel=preload; as=style';
    const { wake } = await fixture.asleep((server) =>
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
    const { wake } = await fixture.asleep((server) =>
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
