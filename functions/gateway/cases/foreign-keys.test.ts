import { afterAll, describe, expect, it } from 'vitest';
import { newApiKey } from '../../../modules/people/identity/index.ts';
import { testOrganization, tokenFor } from '../../../modules/testing/organization.ts';
import { createApp } from '../app.ts';
import { addKey, type Credential, gatewayScene, serveGateway } from '../gateway.fixture.ts';
import { hello } from './case-scene.fixture.ts';

/* Every operation of the gateway by everyone who has no business there; a new one is walked into without being named here. */

const router = createApp({ tokens: {}, gateway: {} } as never);
const { paths } = router.getOpenAPI31Document({ openapi: '3.1.0', info: { title: 'gateway', version: '1' } });
const operations = Object.entries(paths ?? {}).flatMap(([path, methods]) =>
  Object.keys(methods as object).map((method) => ({ name: `${method.toUpperCase()} ${path}`, method, path })),
);
const withId = operations.filter(({ path }) => path.includes('{id}') && !path.startsWith('/v1/models'));
const named = <Operation extends { name: string }>(list: Operation[]) => list.map((each) => [each.name, each] as const);

const { database } = await gatewayScene();
const mark = `secret${crypto.randomUUID().slice(0, 8)}`;

/** With a file, a batch and a call of an organization that is not to be seen. */
async function prepare() {
  const [victim, other] = [await testOrganization(database), await testOrganization(database)];
  const gateway = await serveGateway(database, { CACHE_PREFIX: `case-${crypto.randomUUID()}` });
  const key = await addKey(database, victim.owner);
  const line = { custom_id: mark, method: 'POST', url: '/v1/chat/completions', body: hello };
  const form = new FormData();
  form.set('purpose', 'batch');
  form.set('file', new Blob([JSON.stringify(line)]), `${mark}.jsonl`);
  const post = async (path: string, body: FormData | object) => {
    const isForm = body instanceof FormData;
    const response = await fetch(gateway.url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${key.token}`, ...(!isForm && { 'content-type': 'application/json' }) },
      body: isForm ? body : JSON.stringify(body),
    });
    const made = (await response.json()) as { id: string };
    expect([path, made]).toEqual([path, expect.objectContaining({ id: expect.any(String) })]);
    return made.id;
  };
  const file = await post('/v1/files', form);
  const batch = { input_file_id: file, endpoint: '/v1/chat/completions', completion_window: '24h', metadata: { mark } };
  const theirs: Record<string, string> = {
    '/v1/files': file,
    '/v1/batches': await post('/v1/batches', batch),
    '/v1/async': await post('/v1/async/chat/completions', { ...hello, user: mark }),
  };
  const keyOf = (columns: object) => addKey(database, other.owner, { ...columns });
  const strangers: Stranger[] = [
    { name: 'a key of another organization', credential: await keyOf({}) },
    { name: 'a person of another organization', credential: { token: other.owner.token } },
    { name: 'a key for other things', credential: await keyOf({ scopes: ['ask', 'usage'] }), status: 404 },
    { name: 'a revoked key', credential: await keyOf({ revoked_at: new Date() }), status: 401 },
    { name: 'an expired key', credential: await keyOf({ expires_at: new Date(Date.now() - 1_000) }), status: 401 },
    { name: 'a token that has expired', credential: { token: await tokenFor(other.owner, -60) }, status: 401 },
    { name: 'a key that was never made', credential: { token: newApiKey(victim.id).key }, status: 401 },
  ];
  return { gateway, key, theirs, strangers };
}

interface Stranger {
  name: string;
  credential: Credential;
  /** Of every operation; undefined for one that the stranger may use with what is its own. */
  status?: 401 | 404;
}

const made = await prepare();
const { strangers } = made;
afterAll(() => made.gateway.close());

/** A body that gets past the checks, so that who asks is what decides. */
const bodies: Record<string, object> = {
  'POST /v1/chat/completions': hello,
  'POST /v1/messages': { ...hello, max_tokens: 9 },
  'POST /v1/messages/count_tokens': hello,
};

async function ask({ name, method, path }: (typeof operations)[number], id: string, { token }: Credential) {
  const takesBody = method === 'post';
  const response = await fetch(made.gateway.url + path.replace('{id}', id), {
    method: method.toUpperCase(),
    headers: { authorization: `Bearer ${token}`, ...(takesBody && { 'content-type': 'application/json' }) },
    ...(takesBody && { body: JSON.stringify(bodies[name] ?? { model: 'default', input: 'Hello' }) }),
  });
  const text = await response.text();
  return { status: response.status, text: text.replaceAll(id, 'ID').replace(/"request_id":"[^"]*"/, '') };
}

describe('operations of the gateway', () => {
  it.each(named(operations))(
    '%s is closed to keys that are revoked or expired, or have another scope',
    async (_, operation) => {
      for (const { name, credential, status } of strangers.filter((each) => each.status)) {
        const answer = await ask(operation, crypto.randomUUID(), credential);
        expect([name, answer.status]).toEqual([name, status]);
        expect(answer.text).not.toContain(mark);
      }
    },
  );

  it.each(named(operations))('%s tells no one anything of another organization', async (_, operation) => {
    for (const { name, credential } of strangers) {
      const { text } = await ask(operation, crypto.randomUUID(), credential);
      expect([name, ...[mark, ...Object.values(made.theirs)].filter((secret) => text.includes(secret))]).toEqual([
        name,
      ]);
    }
  });

  it.each(named(withId))('%s shows what belongs to others exactly like what is missing', async (_, operation) => {
    const id = made.theirs[operation.path.slice(0, operation.path.indexOf('/{'))] as string;
    expect(id, 'nothing stands for its id in this test').toBeDefined();
    const missing = id.replace(/[0-9a-f]{12}$/, '0123456789ab');
    for (const { name, credential, status = 404 } of strangers) {
      const there = await ask(operation, id, credential);
      expect([name, there.status]).toEqual([name, status]);
      expect(there).toEqual(await ask(operation, missing, credential));
    }
  });

  it('left everything as it was', async () => {
    for (const [place, id] of Object.entries(made.theirs)) {
      const response = await made.gateway.get(`${place}/${id}`, made.key);
      const { status } = (await response.json()) as { status?: string };
      expect([place, response.status, status]).not.toContain('cancelled');
      expect([place, response.status]).toEqual([place, 200]);
    }
  });
});
