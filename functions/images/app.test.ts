import { Readable } from 'node:stream';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { digest, newApiKey } from '../../modules/people/identity/index.ts';
import { noUnits } from '../../modules/pictures/problems.ts';
import { CALLBACK_TOKEN, givenGenerations } from '../../modules/testing/given-generations.ts';
import { type TestOrganization, testOrganization } from '../../modules/testing/organization.ts';
import { createLocalStorage, newStorageKey } from '../../platform/capabilities/storage/index.ts';
import { Problem } from '../../platform/kernel/problem.ts';
import { testApp } from '../../platform/testing/app.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import * as module from './app.ts';
import manifest from './function.ts';

const database = await testDatabase();
const given = givenGenerations(database.tenant);
const provide = { ...module.provide, generations: async () => given };
const app = await testApp(database, { name: 'images', manifest, module: { ...module, provide } });
afterAll(async () => {
  await app.close();
  await database.close();
});

let mine: TestOrganization;
let other: TestOrganization;
beforeEach(async () => {
  [mine, other] = await Promise.all([testOrganization(database), testOrganization(database)]);
  given.refusal = undefined;
  given.heardCallbacks.length = 0;
});

const ask = (json: object = {}, headers = {}) =>
  app.json('POST /api/images', { as: mine.owner, json: { prompt: 'A lighthouse', ...json }, headers });
const made = async () => (await ask()).body.id as string;
const problem = ({ status, body }: { status: number; body: { type: string } }) => [status, body.type.split(':').at(-1)];

describe('a request for pictures', () => {
  it('is accepted at once, with the address of its generation', async () => {
    const response = await app.request('POST /api/images', {
      ...{ as: mine.owner, json: { prompt: ' A lighthouse ', width: 512, height: 768, count: 2, seed: 5 } },
    });
    const body = await response.json();
    expect([response.status, response.headers.get('location')]).toEqual([202, `/api/images/${body.id}`]);
    expect(body).toEqual({
      ...{ id: expect.any(String), status: 'queued', reason: null, model: 'local', prompt: 'A lighthouse' },
      ...{ width: 512, height: 768, count: 2, seed: 5, position: 1, etaSeconds: 10, progress: null, pictures: [] },
      ...{ units: 1, late: false, cancelAsked: false, version: 1, createdAt: expect.any(String) },
      ...{ startedAt: null, endedAt: null },
    });
    expect((await app.json(`GET /api/images/${body.id}`, { as: mine.owner })).body).toEqual(body);
  });

  it('with the key of an earlier one gives that one, and is refused when it asks for something else', async () => {
    const headers = { 'idempotency-key': 'one' };
    const [first, second] = [await ask({}, headers), await ask({}, headers)];
    expect([second.status, second.body.id]).toEqual([202, first.body.id]);
    expect(problem(await ask({ prompt: 'A harbour' }, headers))).toEqual([422, 'idempotency-mismatch']);
    expect((await ask({}, { 'idempotency-key': 'two' })).body.id).not.toBe(first.body.id);
  });

  it.each([
    ['no prompt', { prompt: '  ' }],
    ['NUL', { prompt: 'a\0b' }],
    ['one side alone', { width: 512 }],
    ['a size of nothing', { width: 0, height: 512 }],
    ['a seed beyond the range', { seed: 2 ** 31 }],
    ['a picture to be fetched (case 42)', { image_url: 'http://169.254.169.254/latest/meta-data' }],
    ['a picture of this machine (case 42)', { image: 'http://127.0.0.1:8080/' }],
  ])('with %s is refused', async (_, json) => {
    expect(problem(await ask(json))).toEqual([400, 'invalid-request']);
  });

  it('with a body beyond all prompts is refused before it is read', async () => {
    expect(problem(await ask({ prompt: 'x'.repeat(300_000) }, { 'content-length': '300030' }))).toEqual([
      413,
      'payload-too-large',
    ]);
  });

  it('that is refused is told what is left and when it resets', async () => {
    given.refusal = new Problem(noUnits, {
      parameters: { allowed: '10 images a day', limit: 10, remaining: 0, resetSeconds: 60 },
      headers: { 'retry-after': '60' },
    });
    const response = await app.request('POST /api/images', { as: mine.owner, json: { prompt: 'A lighthouse' } });
    expect([response.status, response.headers.get('retry-after')]).toEqual([402, '60']);
    expect(await response.json()).toMatchObject({ limit: 10, remaining: 0, resetSeconds: 60 });
  });

  it('is not for viewers, who see what is there like what is missing', async () => {
    const viewer = await mine.addMember('viewer');
    const refused = await app.json('POST /api/images', { as: viewer, json: { prompt: 'A lighthouse' } });
    expect(problem(refused)).toEqual([404, 'not-found']);
    expect((await app.json('GET /api/images', { as: viewer })).body.items).toEqual([]);
  });
});

describe('generations', () => {
  it('are listed with the newest first, page by page and by their state', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 3; n++) {
      ids.unshift(await made());
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    const first = (await app.json('GET /api/images?limit=2', { as: mine.owner })).body;
    const second = (await app.json(`GET /api/images?limit=2&cursor=${first.nextCursor}`, { as: mine.owner })).body;
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids);
    expect(second.nextCursor).toBeNull();
    await given.change(ids[1] as string, { status: 'done' });
    const done = (await app.json('GET /api/images?status=done', { as: mine.owner })).body;
    expect(done.items.map(({ id }: { id: string }) => id)).toEqual([ids[1]]);
    for (const query of ['status=lost', 'cursor=x', 'limit=101', 'before=1']) {
      expect((await app.json(`GET /api/images?${query}`, { as: mine.owner })).status, query).toBe(400);
    }
  });

  it('of others look like what is missing in every operation', async () => {
    const id = await made();
    for (const call of [...['GET /', 'DELETE /', 'POST /cancel', 'GET /events', 'GET /pictures/0/display']]) {
      const [method, path = ''] = call.split(' /');
      const address = `${method} /api/images/${id}${path && `/${path}`}` as const;
      expect(problem(await app.json(address, { as: other.owner })), call).toEqual([404, 'not-found']);
      expect(problem(await app.json(address)), call).toEqual([401, 'unauthenticated']);
    }
  });

  it('are cancelled, and deleted when they have ended', async () => {
    const id = await made();
    expect(problem(await app.json(`DELETE /api/images/${id}`, { as: mine.owner }))).toEqual([409, 'image-in-progress']);
    const { status, body } = await app.json(`POST /api/images/${id}/cancel`, { as: mine.owner });
    expect([status, body.status]).toEqual([200, 'cancelled']);
    expect((await app.request(`DELETE /api/images/${id}`, { as: mine.owner })).status).toBe(204);
    expect((await app.json(`GET /api/images/${id}`, { as: mine.owner })).status).toBe(404);
  });

  it('tell why they failed, in the language of the reader', async () => {
    const id = await made();
    await given.change(id, { status: 'failed', reason: 'timed-out' });
    const told = async (language: string) =>
      (await app.json(`GET /api/images/${id}`, { as: mine.owner, headers: { 'accept-language': language } })).body
        .reason;
    expect([await told('en'), await told('ru')]).toEqual([
      { code: 'timed-out', message: 'The picture was not ready in time; nothing was charged.' },
      { code: 'timed-out', message: 'Изображение не было готово вовремя; ничего не списано.' },
    ]);
  });

  it('are followed by events with their versions, until they end', async () => {
    const id = await made();
    const response = await app.request(`GET /api/images/${id}/events`, { as: mine.owner });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    await given.change(id, { status: 'done' });
    const text = await response.text();
    expect(text.match(/^id: \d+$/gm)?.at(-1)).toBe('id: 2');
    expect(JSON.parse(/^data: (.*)$/gm.exec(text.slice(text.lastIndexOf('data:')))?.[1] ?? '')).toMatchObject({
      ...{ id, status: 'done' },
    });
  });
});

describe('a picture', () => {
  const content = Buffer.from('0123456789');
  const keep = async () => {
    const id = await made();
    const storageKey = newStorageKey();
    const storage = await createLocalStorage({ directory: `${app.folder}/files` });
    const { sha256 } = await storage.write(storageKey, Readable.from([content]), { maxBytes: 100 });
    const file = {
      variant: 'display',
      storageKey,
      type: 'image/webp',
      bytes: 10,
      width: 2,
      height: 5,
      sha256,
    } as const;
    given.keep(id, 0, file);
    return { id, sha256, storage, storageKey };
  };
  const read = (id: string, headers = {}, query = '') =>
    app.request(`GET /api/images/${id}/pictures/0/display${query}`, { as: mine.owner, headers });

  it('is shown without leave to do anything, or saved', async () => {
    const { id, sha256 } = await keep();
    const response = await read(id);
    expect([response.status, await response.text()]).toEqual([200, '0123456789']);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      ...{ 'content-type': 'image/webp', 'content-length': '10', 'x-content-type-options': 'nosniff' },
      ...{ 'content-security-policy': "default-src 'none'; sandbox", etag: `"${sha256}"`, 'accept-ranges': 'bytes' },
      'content-disposition': `inline; filename="${id}-0-display.webp"`,
    });
    const saved = await read(id, {}, '?download=1');
    expect(saved.headers.get('content-disposition')).toContain(`attachment; filename="${id}-0-display.webp"`);
    await saved.text();
    expect((await read(id, { 'if-none-match': `"${sha256}"` })).status).toBe(304);
  });

  it('is read in parts', async () => {
    const { id, sha256 } = await keep();
    const part = await read(id, { range: 'bytes=2-4' });
    expect([part.status, part.headers.get('content-range'), part.headers.get('content-length')]).toEqual([
      ...[206, 'bytes 2-4/10', '3'],
    ]);
    expect(await part.text()).toBe('234');
    const behind = await read(id, { range: 'bytes=10-' });
    expect([behind.status, behind.headers.get('content-range')]).toEqual([416, 'bytes */10']);
    expect(await (await read(id, { range: 'bytes=2-4', 'if-range': '"another"' })).text()).toBe('0123456789');
    expect(await (await read(id, { range: 'bytes=-2', 'if-range': `"${sha256}"` })).text()).toBe('89');
  });

  it('whose file is gone is a problem of its own', async () => {
    const { id, storage, storageKey } = await keep();
    await storage.remove(storageKey);
    expect(problem(await app.json(`GET /api/images/${id}/pictures/0/display`, { as: mine.owner }))).toEqual([
      ...[404, 'picture-missing'],
    ]);
    for (const [place, status] of [
      ['1/display', 404],
      ['0/raw', 400],
      ['-1/display', 400],
      ['0/display?download=2', 400],
    ]) {
      expect((await app.json(`GET /api/images/${id}/pictures/${place}`, { as: mine.owner })).status).toBe(status);
    }
  });
});

describe('models', () => {
  it('are listed with what each allows, and nothing of its provider', async () => {
    const { status, body } = await app.json('GET /api/images/models', { as: mine.owner });
    expect([status, body.items[0]]).toMatchObject([
      200,
      { name: 'local', isDefault: true, maxCount: 4, unitsPerPicture: 1 },
    ]);
    expect(JSON.stringify(body)).not.toMatch(/endpoint|provider/);
  });
});

describe('a callback', () => {
  const call = (id: string, token: string, headers = {}) =>
    app.request(`POST /api/images/callbacks/fal/${id}.${token}`, { json: { status: 'OK' }, headers });

  it('is heard as it came, once for each delivery (case 60)', async () => {
    const id = await made();
    const headers = { 'x-delivery': crypto.randomUUID() };
    const answers = await Promise.all([call(id, CALLBACK_TOKEN, headers), call(id, CALLBACK_TOKEN, headers)]);
    expect(answers.map(({ status }) => status)).toEqual([204, 204]);
    expect(given.heardCallbacks).toEqual([{ provider: 'fal', id, body: '{"status":"OK"}' }]);
  });

  it('that is forged looks like one that is meant for nothing', async () => {
    const id = await made();
    for (const [to, token] of [
      [id, 'guessed'],
      [crypto.randomUUID(), CALLBACK_TOKEN],
      ['x', CALLBACK_TOKEN],
      [id, '%2e%2e'],
    ] as const) {
      expect((await call(to, token)).status).toBe(404);
    }
    expect(given.heardCallbacks).toEqual([]);
  });
});

describe('requests', () => {
  it('of a person are limited to 20 a second, whichever address they come from', async () => {
    const limited = await testApp(
      database,
      { name: 'images', manifest, module: { ...module, provide } },
      { environment: { RATE_LIMIT_IMAGES_RPS: '1' } },
    );
    try {
      const get = () => limited.request('GET /api/images/models', { as: mine.owner });
      const answers = [await get(), await get(), await get()];
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
      expect(answers[2]?.headers.get('retry-after')).toBe('1');
      expect((await limited.request('GET /api/images/models', { as: other.owner })).status).toBe(200);
    } finally {
      await limited.close();
    }
  });

  it('with keys need the scope "images"', async () => {
    for (const [scope, status] of [
      ['images', 200],
      ['gateway', 404],
    ] as const) {
      const { key, prefix } = newApiKey(mine.id);
      const row = { organization_id: mine.id, user_id: mine.owner.userId, name: 'Key', prefix, key_hash: digest(key) };
      await database.owner`insert into api_keys ${database.owner({ ...row, scopes: [scope] })}`;
      expect((await app.request('GET /api/images', { as: { token: key } })).status).toBe(status);
    }
  });
});
