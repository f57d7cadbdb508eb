import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ActivatorFixture, activatorFixture, until } from './activator.fixture.ts';

let fixture: ActivatorFixture;
beforeEach(async () => {
  fixture = await activatorFixture();
});
afterEach(() => fixture.close());

const echo = () =>
  fixture.instance((server) => server.on('request', (request, response) => response.end(`answer to ${request.url}`)));
const never = () => new Promise<never>(() => {});
const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

describe('createActivator', () => {
  it('wakes once for a hundred requests and hands each of them over', async () => {
    const instance = await echo();
    const woken = Promise.withResolvers<void>();
    let wakes = 0;
    const queued: number[] = [];
    const activator = await fixture.activator({
      async wake() {
        wakes++;
        await woken.promise;
        return instance;
      },
      onForward: (ms) => queued.push(ms),
    });
    const asked = times(100, (index) => fixture.ask({ path: `/${index}` }));
    await until(() => activator.held() === 100);
    woken.resolve();
    const answers = await Promise.all(asked);
    expect(answers.map(({ body }) => body)).toEqual(times(100, (index) => `answer to /${index}`));
    expect(new Set(answers.map(({ headers }) => headers.connection))).toEqual(new Set(['close']));
    expect([wakes, activator.held(), queued.length]).toEqual([1, 0, 100]);
    expect(Math.min(...queued)).toBeGreaterThan(0);
  });

  it('wakes again for a request that comes later', async () => {
    const instance = await echo();
    let wakes = 0;
    await fixture.activator({
      wake: async () => {
        wakes++;
        return instance;
      },
    });
    await fixture.ask();
    await fixture.ask();
    expect(wakes).toBe(2);
  });

  it('refuses more requests than it may hold, in the language of the client, and keeps those it has', async () => {
    const instance = await echo();
    const woken = Promise.withResolvers<typeof instance>();
    const activator = await fixture.activator({ wake: () => woken.promise, limits: { held: 2 } });
    const asked = times(2, () => fixture.ask());
    await until(() => activator.held() === 2);
    const refused = await fixture.ask({ headers: { 'accept-language': 'ru' } });
    expect(refused).toMatchObject({ status: 503, headers: { 'retry-after': '1', connection: 'close' } });
    expect(refused.headers['content-type']).toBe('application/problem+json');
    expect(JSON.parse(refused.body)).toMatchObject({
      type: 'urn:pandect:problem:overloaded',
      title: 'Сервер перегружен',
    });
    woken.resolve(instance);
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([200, 200]);
  });

  it('counts headers and the part of a body that is read ahead, and gives their room back', async () => {
    const instance = await echo();
    const woken = Promise.withResolvers<typeof instance>();
    const activator = await fixture.activator({ wake: () => woken.promise, limits: { bytes: 100_000 } });
    const large = { method: 'POST', headers: { 'content-length': 50_000_000 } };
    const first = fixture.open(large);
    first.on('error', () => {});
    first.flushHeaders();
    await until(() => activator.held() === 1);
    expect((await fixture.ask(large)).status).toBe(503);
    const small = fixture.ask();
    await until(() => activator.held() === 2);
    first.destroy();
    await until(() => activator.held() === 1);
    const second = fixture.ask({ method: 'POST' }, 'x'.repeat(90_000));
    await until(() => activator.held() === 2);
    woken.resolve(instance);
    expect([(await small).status, (await second).status]).toEqual([200, 200]);
  });

  it('refuses a request that waited too long', async () => {
    const activator = await fixture.activator({ wake: never, limits: { seconds: 0.05 } });
    const refused = await fixture.ask();
    expect(refused).toMatchObject({ status: 503, headers: { 'retry-after': '2' } });
    expect(JSON.parse(refused.body).type).toBe('urn:pandect:problem:unavailable');
    expect(activator.held()).toBe(0);
  });

  it('refuses all that wait when waking fails, without saying why, and tries again for the next', async () => {
    const instance = await echo();
    const outcomes = [Promise.withResolvers<typeof instance>(), Promise.withResolvers<typeof instance>()];
    let wakes = 0;
    const activator = await fixture.activator({ wake: () => (outcomes[wakes++] as (typeof outcomes)[0]).promise });
    const asked = times(3, () => fixture.ask());
    await until(() => activator.held() === 3);
    outcomes[0]?.reject(new Error('exit status 1 in /secret/place'));
    for (const { status, body } of await Promise.all(asked)) {
      expect(status).toBe(503);
      expect(body).not.toContain('secret');
    }
    outcomes[1]?.resolve(instance);
    expect((await fixture.ask()).status).toBe(200);
  });

  it('refuses at once, what waits too, while it is told to, and wakes nothing', async () => {
    const instance = await echo();
    const woken = Promise.withResolvers<typeof instance>();
    let wakes = 0;
    const activator = await fixture.activator({
      wake() {
        wakes++;
        return woken.promise;
      },
    });
    const asked = fixture.ask();
    await until(() => activator.held() === 1);
    activator.refuse('crash loop');
    expect((await asked).status).toBe(503);
    expect((await fixture.ask()).status).toBe(503);
    expect(wakes).toBe(1);
    activator.refuse(undefined);
    woken.resolve(instance);
    expect((await fixture.ask()).status).toBe(200);
  });

  it('refuses what it holds when it closes', async () => {
    const activator = await fixture.activator({ wake: never });
    const asked = fixture.ask();
    await until(() => activator.held() === 1);
    await activator.close();
    expect((await asked).status).toBe(503);
    await expect(fixture.ask()).rejects.toThrow('ENOENT');
  });

  it('lets what was handed over finish when it closes', async () => {
    const finish = Promise.withResolvers<void>();
    const instance = await fixture.instance((server) =>
      server.on('request', async (_, response) => {
        response.write('one ');
        await finish.promise;
        response.end('two');
      }),
    );
    const forwarded = Promise.withResolvers<void>();
    const activator = await fixture.activator({ wake: async () => instance, onForward: () => forwarded.resolve() });
    const asked = fixture.ask();
    await forwarded.promise;
    const closed = activator.close();
    finish.resolve();
    expect((await asked).body).toBe('one two');
    await closed;
  });

  it('listens where the socket of an earlier process still lies', async () => {
    const instance = await echo();
    await writeFile(join(fixture.folder, 'wake.sock'), '');
    await fixture.activator({ wake: async () => instance });
    expect((await fixture.ask()).status).toBe(200);
  });

  it('refuses when the instance is gone by the time it is asked', async () => {
    await fixture.activator({ wake: async () => ({ socket: join(fixture.folder, 'gone.sock') }) });
    expect((await fixture.ask()).status).toBe(503);
  });
});
