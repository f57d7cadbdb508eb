import { Readable } from 'node:stream';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { givenGenerations } from '../../modules/testing/given-generations.ts';
import { testOrganization } from '../../modules/testing/organization.ts';
import { createLocalStorage, newStorageKey } from '../../platform/capabilities/storage/index.ts';
import { testApp } from '../../platform/testing/app.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import * as module from './app.ts';
import manifest from './function.ts';
import { addKey } from './gateway.fixture.ts';

const database = await testDatabase();
const given = givenGenerations(database.tenant);
const provide = { ...module.provide, generations: async () => given };
const app = await testApp(database, { name: 'gateway', manifest, module: { ...module, provide } });
const { owner, addMember } = await testOrganization(database);
const storage = await createLocalStorage({ directory: `${app.folder}/files` });
afterAll(async () => {
  await app.close();
  await database.close();
});

/** What becomes of the next generation; without it, nothing. */
let end: ((id: string) => Promise<void>) | undefined;
const { create } = given;
given.create = async (...asked) => {
  const made = await create(...asked);
  void end?.(made.id);
  return made;
};
beforeEach(() => {
  end = undefined;
});

const content = Buffer.from('a picture of eighteen');
const finish = async (id: string) => {
  const storageKey = newStorageKey();
  const { sha256, bytes } = await storage.write(storageKey, Readable.from([content]), { maxBytes: 100 });
  given.keep(id, 0, { variant: 'original', storageKey, type: 'image/png', bytes, width: 64, height: 64, sha256 });
  const pictures = [{ index: 0, width: 64, height: 64, aspectDiffers: false, variants: ['original' as const] }];
  await given.change(id, { status: 'done', pictures });
};
const ask = (json: object = {}, headers: Record<string, string> = {}, as: { token: string } = owner) =>
  app.json('POST /v1/images/generations', { as, json: { model: 'local', prompt: 'A lighthouse', ...json }, headers });

describe('POST /v1/images/generations with a model of the service', () => {
  it('answers with the pictures of a generation, in base64', async () => {
    end = finish;
    const { status, body } = await ask({ n: 1, size: '64x64', quality: 'auto', user: 'anna' });
    expect([status, body]).toEqual([
      200,
      { created: expect.any(Number), data: [{ b64_json: content.toString('base64') }] },
    ]);
  });

  it('answers with addresses where they are asked for', async () => {
    end = finish;
    const response = await app.request('POST /v1/images/generations', {
      ...{ as: owner, json: { model: 'local', prompt: 'A lighthouse', response_format: 'url' } },
    });
    const id = response.headers.get('x-pandect-image-id');
    expect((await response.json()).data[0].url).toMatch(new RegExp(`^http://.+/api/images/${id}/pictures/0/original$`));
  });

  it('makes one generation for an Idempotency-Key, and refuses another request with it', async () => {
    end = finish;
    const headers = { 'idempotency-key': 'one' };
    const post = async (prompt: string) => {
      const response = await app.request('POST /v1/images/generations', {
        ...{ as: owner, json: { model: 'local', prompt }, headers },
      });
      await response.text();
      return [response.status, response.headers.get('x-pandect-image-id')];
    };
    const first = await post('A lighthouse');
    expect(first).toEqual([200, expect.any(String)]);
    expect(await post('A lighthouse')).toEqual(first);
    expect((await post('A harbour'))[0]).toBe(422);
  });

  it('names the generation when it takes longer, with an error that no client repeats', async () => {
    const response = await app.request('POST /v1/images/generations', {
      ...{ as: owner, json: { model: 'local', prompt: 'A lighthouse' }, headers: { 'x-pandect-timeout': '0.6' } },
    });
    const { error } = await response.json();
    expect([response.status, error.code, response.headers.get('x-should-retry')]).toEqual([
      ...[424, 'image_still_running', 'false'],
    ]);
    const [id = ''] = /[0-9a-f-]{36}/.exec(error.message) ?? [];
    expect(await given.read(owner, id)).toMatchObject({ status: 'queued' });
  });

  it.each([
    [{ status: 'refused' as const }, 422, 'moderation_blocked'],
    [{ status: 'failed' as const, reason: 'provider-down' as const }, 502, 'image_failed'],
    [{ status: 'cancelled' as const }, 502, 'image_failed'],
  ])('tells of a generation that ended as %j', async (told, status, code) => {
    end = (id) => given.change(id, told);
    const refused = await ask();
    expect([refused.status, refused.body.error.code]).toEqual([status, code]);
    expect(refused.body.error.message).toMatch(/The generation [0-9a-f-]{36} /);
  });

  it.each([
    [{ prompt: '' }, 'prompt'],
    [{ n: 0 }, 'n'],
    [{ size: 'large' }, 'size'],
    [{ size: '0x64' }, 'size'],
    [{ response_format: 'png' }, 'response_format'],
    [{ stream: true }, 'stream'],
    [{ output_format: 'jpeg' }, 'output_format'],
    [{ image_url: 'http://169.254.169.254/' }, 'image_url'],
  ])('refuses %j and names the parameter', async (json, parameter) => {
    const { status, body } = await ask(json);
    expect([status, body.error.param]).toEqual([400, parameter]);
  });

  it('is there for keys that may call the model, and not for those who only look on', async () => {
    end = finish;
    const statuses = [
      await ask({}, {}, await addKey(database, owner, { routes: ['local'] })),
      await ask({}, {}, await addKey(database, owner, { routes: ['other'] })),
      await ask({}, {}, await addMember('viewer')),
    ].map(({ status }) => status);
    expect(statuses).toEqual([200, 404, 404]);
  });

  it("takes one of the caller's places, and gives it back", async () => {
    const { promise: begun, resolve: begin } = Promise.withResolvers<string>();
    end = async (id) => begin(id);
    const key = await addKey(database, owner, { concurrency: 1 });
    const first = ask({}, {}, key);
    const id = await begun;
    const second = await ask({}, {}, key);
    expect([second.status, second.body.error.code]).toEqual([429, 'rate_limit_exceeded']);
    await finish(id);
    expect((await first).status).toBe(200);
    end = finish;
    expect((await ask({}, {}, key)).status).toBe(200);
  });

  it('is listed among the models of those who may ask for it', async () => {
    const namesOf = async (as: { token: string }) => {
      const { body } = await app.json('GET /v1/models', { as });
      return body.data.map(({ id }: { id: string }) => id);
    };
    expect(await namesOf(await addKey(database, owner))).toContain('local');
    expect(await namesOf(await addKey(database, owner, { routes: ['default'] }))).not.toContain('local');
  });
});
