import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ActivatorFixture, activatorFixture, answerTo, readAnswer, until } from './activator.fixture.ts';

let fixture: ActivatorFixture;
beforeEach(async () => {
  fixture = await activatorFixture();
});
afterEach(() => fixture.close());

describe('a side that leaves', () => {
  it('is dropped while it waits, and the instance never hears of it', async () => {
    let heard = 0;
    const { activator, wake } = await fixture.asleep((server) =>
      server.on('request', (_, response) => {
        heard++;
        response.end();
      }),
    );
    const left = fixture.open();
    left.on('error', () => {});
    left.end();
    await until(() => activator.held() === 1);
    left.destroy();
    await until(() => activator.held() === 0);
    wake();
    await fixture.ask();
    expect(heard).toBe(1);
  });

  it.each([['before'], ['during']])('ends the request at the instance, %s its answer', async (moment) => {
    const arrived = Promise.withResolvers<void>();
    const gone = Promise.withResolvers<void>();
    const { wake } = await fixture.asleep((server) =>
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
    const { wake } = await fixture.asleep((server) => server.on('request', (request) => request.socket.destroy()));
    wake();
    expect((await fixture.ask()).status).toBe(503);
  });

  it('as the instance, within its answer: the client sees that the answer is not whole', async () => {
    const { wake } = await fixture.asleep((server) =>
      server.on('request', (request, response) => response.write('part', () => request.socket.destroy())),
    );
    wake();
    await expect(fixture.ask()).rejects.toThrow('aborted');
  });

  it('as the instance, which does not want the body: the client gets its answer', async () => {
    const { wake } = await fixture.asleep((server) =>
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
