import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { digest, newApiKey } from '../../modules/people/identity/index.ts';
import { givenGenerations } from '../../modules/testing/given-generations.ts';
import { type TestOrganization, testOrganization, tokenFor } from '../../modules/testing/organization.ts';
import { serveApp } from '../../platform/runtime/http/serve-app.ts';
import { type Listener, listen } from '../../platform/runtime/listener.ts';
import { testApp } from '../../platform/testing/app.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import * as module from './app.ts';
import manifest from './function.ts';

const database = await testDatabase();
const given = givenGenerations(database.tenant);
const provide = { ...module.provide, generations: async () => given };
const app = await testApp(database, { name: 'images', manifest, module: { ...module, provide } });
const path = join(app.folder, 'images.sock');
let listener: Listener;
beforeAll(async () => {
  const { handler, sockets } = serveApp({ fetch: app.fetch as never }, manifest);
  const control = { ready: async () => {}, metrics: async () => '', openapi: () => ({}) };
  listener = await listen({ socket: path }, handler, control, { concurrency: 100, sockets });
});
afterAll(async () => {
  await listener.close();
  await app.close();
  await database.close();
});

let mine: TestOrganization;
beforeEach(async () => {
  mine = await testOrganization(database);
});

function connect(protocols: string | string[] = 'pandect.v1', headers = {}) {
  const socket = new WebSocket(`ws+unix://${path}:/api/images/socket`, protocols, { headers });
  // biome-ignore lint/suspicious/noExplicitAny: what is sent is what the test finds out
  const heard: any[] = [];
  socket.on('message', (message) => heard.push(JSON.parse(String(message))));
  socket.on('error', () => {});
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  return {
    ...{ socket, heard, closed },
    say: (message: object) => socket.send(JSON.stringify(message)),
    async open(token: string) {
      if (socket.readyState === WebSocket.CONNECTING) await once(socket, 'open');
      socket.send(JSON.stringify({ type: 'authorize', token }));
      return socket.protocol;
    },
  };
}
const generation = async () => (await given.create(mine.owner, { prompt: 'A lighthouse' }, crypto.randomUUID())).id;

describe('the WebSocket of generations', () => {
  it('follows several, from the first message with the token on', async () => {
    const [one, two] = [await generation(), await generation()];
    const { say, open, heard, socket } = connect();
    expect(await open(mine.owner.token)).toBe('pandect.v1');
    for (const id of [one, two]) say({ type: 'follow', id });
    await expect.poll(() => heard).toHaveLength(3);
    expect(Date.parse(heard[0].until)).toBeGreaterThan(Date.now());
    await given.change(two, { status: 'done' });
    await expect.poll(() => heard.at(-1)).toMatchObject({ type: 'image', image: { id: two, status: 'done' } });
    say({ type: 'cancel', id: one });
    await expect.poll(() => heard.at(-1)).toMatchObject({ image: { id: one, status: 'cancelled' } });
    socket.close();
  });

  it('shows nothing of another person, and lets viewers cancel nothing', async () => {
    const id = await generation();
    const { owner } = await testOrganization(database);
    const viewer = await mine.addMember('viewer');
    for (const [person, type] of [
      [owner, 'follow'],
      [viewer, 'follow'],
      [viewer, 'cancel'],
    ] as const) {
      const { open, say, heard, socket } = connect();
      await open(person.token);
      say({ type, id });
      await expect.poll(() => heard[1]).toMatchObject({ type: 'problem', about: type, problem: { status: 404 } });
      socket.close();
    }
  });

  it('tells problems in the language of the handshake', async () => {
    const { open, say, heard, socket } = connect('pandect.v1', { 'accept-language': 'ru' });
    await open(mine.owner.token);
    say({ type: 'follow', id: crypto.randomUUID() });
    await expect.poll(() => heard[1]?.problem.title).toBe('Не найдено');
    socket.close();
  });

  it('takes no token that is forged, over, or of a key without the scope', async () => {
    const { key, prefix } = newApiKey(mine.id);
    const row = { organization_id: mine.id, user_id: mine.owner.userId, name: 'Key', prefix, key_hash: digest(key) };
    await database.owner`insert into api_keys ${database.owner({ ...row, scopes: ['gateway'] })}`;
    for (const token of ['forged', await tokenFor(mine.owner, -10), key]) {
      const { open, closed } = connect();
      await open(token);
      expect(await closed).toBe(4401);
    }
    const { key: good, prefix: named } = newApiKey(mine.id);
    const scopes = ['images'];
    await database.owner`
      insert into api_keys ${database.owner({ ...row, prefix: named, key_hash: digest(good), scopes })}`;
    const { open, heard, socket } = connect();
    await open(good);
    await expect.poll(() => heard).toMatchObject([{ type: 'authorized' }]);
    socket.close();
  });

  it.each([
    ['without its protocol', []],
    ['with another one', ['pandect.v2']],
    ['with another one first', ['soap', 'pandect.v1']],
  ])('is not opened %s', async (_, protocols) => {
    const { socket } = connect(protocols);
    const [, response] = await once(socket, 'unexpected-response');
    expect(response.statusCode).toBe(400);
    socket.terminate();
  });

  it('is not a place for ordinary requests', async () => {
    expect((await app.json('GET /api/images/socket', { as: mine.owner })).body.type).toContain('invalid-request');
  });

  it('ends when a message is larger than any of the protocol, or not text', async () => {
    const large = connect();
    await large.open(mine.owner.token);
    large.socket.send('x'.repeat(20_000));
    expect(await large.closed).toBe(1009);
    const binary = connect();
    await binary.open(mine.owner.token);
    binary.socket.send(Buffer.from('{}'));
    expect(await binary.closed).toBe(1003);
  });

  it('is given to a person five times at once', async () => {
    const sockets = Array.from({ length: 6 }, () => connect());
    for (const { open } of sockets.slice(0, 5)) await open(mine.owner.token);
    await expect.poll(() => sockets.slice(0, 5).every(({ heard }) => heard.length === 1)).toBe(true);
    await sockets[5]?.open(mine.owner.token);
    expect(await sockets[5]?.closed).toBe(4429);
    for (const { socket } of sockets) socket.close();
  });
});
