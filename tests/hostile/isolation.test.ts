import { beforeAll, describe, expect, it } from 'vitest';
import { botWithPerson, linkIdentity } from '../support/bots.ts';
import { addressOf, type Operation, readApi } from '../support/http/api-description.ts';
import { type Account, createAccount, type ProblemBody, send } from '../support/http/client.ts';
import { beginUpload } from '../support/http/resumable.ts';
import { addPerson, organizationOf, type Someone, someone } from '../support/people.ts';
import { sharedPlatform } from '../support/shared-platform.ts';
import { until } from '../support/until.ts';

/*
 * Every operation of the running platform, called with the ids of another organization by everybody who could try: people of
 * each role, keys of each scope, and no one. A new operation is walked into without being named here; one that takes an id or a
 * body of a new kind fails until it is.
 */

const platform = await sharedPlatform();
const { url } = platform;
const secured = (await readApi(url)).operations.filter(({ security }) => security);
/** Providers, for which each organization may have a key of its own, and models are the platform's. */
const isShared = ({ key }: Operation) =>
  key === 'PUT /api/gateway/provider-keys/{provider}' || key === 'GET /v1/models/{id}';
/** Its errors have the form of other companies. */
const isForeign = ({ path }: Operation) => path.startsWith('/v1/');
const withId = secured.filter((operation) => operation.path.includes('{') && !isShared(operation));

const roles = ['owner', 'admin', 'member', 'viewer'] as const;
const scopes = [
  ...(['ask', 'search', 'documents:read', 'documents:write', 'conversations', 'usage', 'gateway', 'images'] as const),
];
type Scope = (typeof scopes)[number];

/** Which scope opens what; keys open nothing else. */
const opens: Record<string, { read: Scope; write: Scope }> = {
  '/api/ask': { read: 'ask', write: 'ask' },
  '/api/search': { read: 'search', write: 'search' },
  '/api/documents': { read: 'documents:read', write: 'documents:write' },
  '/api/uploads': { read: 'documents:read', write: 'documents:write' },
  '/api/conversations': { read: 'conversations', write: 'conversations' },
  '/api/usage': { read: 'usage', write: 'usage' },
  '/api/limits': { read: 'usage', write: 'usage' },
  '/v1': { read: 'gateway', write: 'gateway' },
  '/api/images': { read: 'images', write: 'images' },
};

/** What gets an operation past the check of its body, so that who asks is what decides. */
const bodies: Record<string, object> = {
  'POST /api/operator/units/{unit}/changes': { action: 'restart' },
  'POST /api/operator/gateway/keys/{id}/revoke': { reason: 'None' },
  'POST /api/operator/bots/{id}/delivery': { delivery: 'polling' },
  'PATCH /api/organization': { name: 'Taken over' },
  'DELETE /api/organization': { name: 'No organization has this name' },
  'PATCH /api/organization/members/{id}': { role: 'viewer' },
  'POST /api/organization/invitations': { email: 'nobody@example.org', role: 'owner' },
  'POST /api/keys': { name: 'Key', scopes: ['ask'] },
  'POST /api/bots': { token: `1234567:${'A'.repeat(35)}`, skills: ['tarot'] },
  'PATCH /api/bots/{id}': { isStopped: true },
  'POST /api/bots/{id}/users/{userId}/grants': { unit: 'reading', amount: 1, reason: 'None', reference: 'none' },
  'PATCH /api/organization/identities/{id}': { letters: false },
  'PATCH /api/keys/{id}': { rpm: 1 },
  'POST /api/keys/{id}/rotate': { graceSeconds: 0 },
  'PUT /api/gateway/budgets': { scope: 'organization', window: 'day', limitCost: '1' },
  'POST /api/ask': { question: 'How high is the penalty?' },
  'POST /api/search': { query: 'penalty' },
  'PATCH /api/conversations/{id}': { title: 'Taken over' },
  'PUT /api/conversations/{id}/readers': { userIds: [crypto.randomUUID()] },
  'POST /api/images': { prompt: 'A lighthouse', width: 64, height: 64 },
  'POST /api/invoices/{id}/payments': { provider: 'bank' },
  'POST /api/subscription': { action: 'resume' },
  'POST /api/top-ups': { questions: 1 },
};

/** Somebody who tries, and what opens to them. */
interface Caller {
  name: string;
  token: string;
  scope?: Scope;
}

/** A word that all of the victim's things carry, so that a leak of any shows. */
const mark = `secret${crypto.randomUUID().slice(0, 8)}`;
let victim: Account;
let colleague: Someone;
let attacker: Account;
const callers: Caller[] = [];
/** What of the victim stands for `{id}`, and for the ids that follow, by where it is asked for. */
const theirs: Record<string, string | string[]> = {};
/** The same of the attacker's organization, that those below an administrator may not touch. */
const above: Record<string, string | string[]> = {};
/** What must never be in an answer to the attacker. */
let secrets: string[];

beforeAll(async () => {
  [victim, attacker] = await Promise.all([createAccount(platform), createAccount(platform)]);
  const people = await Promise.all(roles.slice(1).map((role) => addPerson(platform, attacker, role)));
  callers.push({ name: 'owner', token: attacker.session.accessToken });
  callers.push(...people.map(({ token }, index) => ({ name: roles[index + 1] as string, token })));
  for (const scope of scopes) {
    const { key } = await attacker.get<{ key: string }>('POST /api/keys', { json: { name: scope, scopes: [scope] } });
    callers.push({ name: `key for ${scope}`, token: key, scope });
  }
  colleague = await addPerson(platform, victim, 'member');
  Object.assign(theirs, await everything(victim, colleague, mark), {
    '/api/admin/plans': 'enterprise',
    '/api/operator/units': 'ask',
    '/api/operator/changes': crypto.randomUUID(),
    '/api/operator/images': crypto.randomUUID(),
    '/api/operator/jobs': crypto.randomUUID(),
    '/api/operator/queues': 'ingest',
  });
  // The console shows what is theirs to operators of the platform alone.
  const [bot = ''] = theirs['/api/bots'] ?? [];
  Object.assign(theirs, { '/api/operator/bots': bot, '/api/operator/gateway/keys': theirs['/api/keys'] });
  Object.assign(above, await everything(attacker, people[0] as Someone, 'own'));
  const known = ['enterprise', 'openai', 'ask', 'ingest'];
  secrets = [
    mark,
    victim.email,
    colleague.email,
    ...Object.values(theirs)
      .flat()
      .filter((id) => !known.includes(id)),
  ];
});

/** One of each thing that has an id. */
async function everything(account: Account, person: Someone, word: string): Promise<Record<string, string | string[]>> {
  const made = <T>(call: `POST /${string}`, json: object) => account.get<T & { id: string }>(call, { json });
  const document = await account.add('agreement.txt', `Article 1. The penalty is due. ${word}\n`);
  const askedWith = crypto.randomUUID();
  const { conversationId } = await account.get<{ conversationId: string }>('POST /api/ask', {
    json: { question: `How high is the penalty? ${word}` },
    headers: { 'idempotency-key': askedWith },
  });
  const { sessions } = await account.get<{ sessions: { id: string }[] }>('GET /api/me');
  const invited = await made('POST /api/organization/invitations', {
    email: `${word}-${crypto.randomUUID()}@example.org`,
  });
  const key = await made('POST /api/keys', { name: word, scopes: ['ask'] });
  const { topUps } = await account.get<{ topUps: { questions: number }[] }>('GET /api/plans');
  const bought = await made<{ invoice: { id: string }; payment: { id: string } }>('POST /api/top-ups', {
    questions: topUps[0]?.questions,
    buyer: { name: word },
  });
  const budget = await account.get<{ id: string }>('PUT /api/gateway/budgets', {
    json: { scope: 'model', scopeId: word, window: 'month', limitCost: '1000' },
  });
  const asked = { model: 'default', messages: [{ role: 'user', content: word }] };
  const line = { custom_id: word, method: 'POST', url: '/v1/chat/completions', body: asked };
  const form = new FormData();
  form.set('purpose', 'batch');
  form.set('file', new Blob([JSON.stringify(line)]), `${word}.jsonl`);
  const file = await account.get<{ id: string }>('POST /v1/files', { body: form });
  const batch = await made('POST /v1/batches', {
    ...{ input_file_id: file.id, endpoint: '/v1/chat/completions', completion_window: '24h' },
  });
  const image = await made('POST /api/images', { prompt: word, width: 64, height: 64 });
  const call = await made('POST /v1/async/chat/completions', asked);
  await made('POST /v1/chat/completions', asked);
  const live = await until('a call on the books', async () => {
    const { items } = await account.get<{ items: { requestId: string }[] }>('GET /api/gateway/calls');
    return items[0]?.requestId;
  });
  const bot = await botWithPerson(platform, account, `${word}_bot`);
  const provider = word === mark ? 'openai' : 'anthropic';
  await account.get(`PUT /api/gateway/provider-keys/${provider}`, { json: { key: `key-of-${word}-${word}` } });
  return {
    '/api/gateway/budgets': budget.id,
    '/api/gateway/provider-keys': provider,
    '/api/gateway/calls': live,
    '/api/documents': document,
    '/api/uploads': await beginUpload(account, `${word}.txt`),
    '/api/ask': askedWith,
    '/api/me/sessions': sessions[0]?.id as string,
    '/api/conversations': conversationId,
    '/api/images': image.id,
    '/api/organization/members': person.userId,
    '/api/organization/invitations': invited.id,
    '/api/organization/identities': await linkIdentity(platform, account, bot),
    '/api/bots': [bot.id, bot.userId],
    '/api/keys': key.id,
    '/api/invoices': bought.invoice.id,
    '/api/admin/organizations': organizationOf(someone(account)),
    '/api/admin/keys': key.id,
    '/api/admin/payments': bought.payment.id,
    '/v1/files': file.id,
    '/v1/batches': batch.id,
    '/v1/async': call.id,
  };
}

const placeOf = ({ path }: Operation) => path.slice(0, path.indexOf('/{'));
const neededScope = ({ path, method }: Operation): Scope | undefined => {
  const place = Object.keys(opens).find((start) => path === start || path.startsWith(`${start}/`));
  return opens[place ?? '']?.[method === 'get' ? 'read' : 'write'];
};

/** What differs between any two answers; the rest may tell nothing. */
const volatile = ['x-request-id', 'request-id', 'date', 'ratelimit', 'ratelimit-policy', 'connection', 'keep-alive'];

/** The whole answer, or what a stream of events begins with: some have no end. */
async function beginningOf(response: Response): Promise<string> {
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return response.text();
  const reader = response.body?.getReader();
  const { value } = (await reader?.read()) ?? {};
  await reader?.cancel();
  return new TextDecoder().decode(value);
}

async function answer(operation: Operation, id: string | string[], token: string | undefined) {
  const { key, takesJson } = operation;
  const response = await send(url, addressOf(operation, id), {
    ...(takesJson && { json: bodies[key] ?? {} }),
    ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
  });
  const text = await beginningOf(response);
  const isProblem = response.headers.get('content-type') === 'application/problem+json';
  const { instance: _, ...body } = isProblem ? (JSON.parse(text) as ProblemBody & { instance: string }) : {};
  const headers = Object.fromEntries([...response.headers].filter(([name]) => !volatile.includes(name)));
  return { status: response.status, body, headers, text };
}
/** Without the text, which holds the request's id. */
const shown = async (...asked: Parameters<typeof answer>) => {
  const { text: _, ...rest } = await answer(...asked);
  return rest;
};

describe("another organization's ids", () => {
  it.each(withId.map((operation) => [operation.key, operation] as const))(
    'look in %s exactly like ids that are missing, no matter who asks',
    async (_, operation) => {
      const foreign = theirs[placeOf(operation)];
      expect(foreign, 'nothing stands for its id in this test').toBeDefined();
      for (const { name, token, scope } of callers) {
        const [there, missing] = await Promise.all([
          shown(operation, foreign as string | string[], token),
          shown(operation, crypto.randomUUID(), token),
        ]);
        const isClosed = scope !== undefined && neededScope(operation) === undefined;
        expect([name, there.status]).toEqual([name, isClosed ? 401 : 404]);
        expect(there).toEqual(missing);
      }
    },
  );

  it('were none the worse for it', async () => {
    expect(await victim.get(`GET /api/documents/${theirs['/api/documents']}`)).toMatchObject({ status: 'ready' });
    expect((await victim.send(`GET /api/conversations/${theirs['/api/conversations']}`)).status).toBe(200);
    const { items: members } = await victim.get<{ items: object[] }>('GET /api/organization/members');
    expect(members).toMatchObject([{ role: 'owner' }, { id: colleague.userId, role: 'member' }]);
    const { items: invitations } = await victim.get<{ items: object[] }>('GET /api/organization/invitations');
    expect(invitations).toHaveLength(1);
    const { items: keys } = await victim.get<{ items: object[] }>('GET /api/keys');
    expect(keys).toMatchObject([{ revokedAt: null, channel: 'external' }]);
    expect(await victim.get(`GET /api/invoices/${theirs['/api/invoices']}`)).toMatchObject({ state: 'open' });
    expect(await victim.get('GET /api/bots')).toMatchObject({
      items: [{ id: theirs['/api/bots']?.[0], state: 'active' }],
    });
    const known = { id: theirs['/api/organization/identities'], letters: true };
    expect(await victim.get('GET /api/organization/identities')).toMatchObject({ items: [known] });
  });
});

describe('what stands above one in the own organization', () => {
  const places = [
    ...['/api/organization/members', '/api/organization/invitations', '/api/organization/identities'],
    ...['/api/keys', '/api/invoices', '/api/bots'],
  ];
  /** Every member may be known to a bot. */
  const isOpen = ({ key }: Operation) => key === 'POST /api/bots/{id}/link-codes';
  const operations = withId.filter((operation) => places.includes(placeOf(operation)) && !isOpen(operation));

  it.each(operations.map((operation) => [operation.key, operation] as const))(
    'looks in %s like what is missing, to members and viewers',
    async (_, operation) => {
      for (const { token } of callers.filter(({ name }) => name === 'member' || name === 'viewer')) {
        const [there, missing] = await Promise.all([
          shown(operation, above[placeOf(operation)] as string | string[], token),
          shown(operation, crypto.randomUUID(), token),
        ]);
        expect(there.status).toBe(404);
        expect(there).toEqual(missing);
      }
    },
  );
});

describe('every operation', () => {
  const named = secured.map((operation) => [operation.key, operation] as const);

  it.each(named)('%s is closed without a credential, and to a key that was never made', async (_, operation) => {
    const stranger = `pandect_${'A'.repeat(22)}_${'A'.repeat(43)}`;
    for (const token of [undefined, stranger]) {
      const { status, body } = await answer(operation, crypto.randomUUID(), token);
      const type = isForeign(operation) ? undefined : 'urn:pandect:problem:unauthenticated';
      expect([status, (body as ProblemBody).type]).toEqual([401, type]);
    }
  });

  it.each(named)('%s tells no one anything of another organization', async (_, operation) => {
    for (const { name, token } of callers) {
      const { text } = await answer(operation, crypto.randomUUID(), token);
      expect([name, ...secrets.filter((secret) => text.includes(secret))]).toEqual([name]);
    }
  });

  it.each(named)('%s opens to keys with its scope only', async (_, operation) => {
    const needed = neededScope(operation);
    for (const { scope, token } of callers.filter((caller) => caller.scope)) {
      const { status } = await answer(operation, crypto.randomUUID(), token);
      if (needed === undefined) expect([scope, status]).toEqual([scope, 401]);
      else if (needed !== scope) expect([scope, status]).toEqual([scope, 404]);
      else if (operation.method === 'get' && !operation.path.includes('{'))
        expect([scope, status]).toEqual([scope, 200]);
      else expect([scope, status]).not.toEqual([scope, 401]);
    }
  });
});
