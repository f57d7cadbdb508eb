import { mailedToken } from '../mailbox.ts';
import { addPerson, organizationOf, someone } from '../people.ts';
import type { SharedPlatform } from '../shared-platform.ts';
import { type Account, createAccount, form, type RequestOptions, type Session, send } from './client.ts';
import { beginUpload, tus } from './resumable.ts';

/** How one operation is called so that it succeeds: what stands for `{id}` and what may follow, and the rest of the request. */
export interface Call extends RequestOptions {
  id?: string | string[];
  query?: string;
}

/** What the calls are about. */
export interface Scene {
  platform: SharedPlatform;
  /** Of an administrator. */
  account: Account;
  documentId: string;
  failedId: string;
  conversationId: string;
}

/** What every operation but those of bots and of the gateway is called with. */
export const platformCalls: Record<string, (scene: Scene) => Call | Promise<Call>> = {
  'GET /.well-known/jwks.json': () => ({}),
  'POST /api/auth/register': () => ({
    json: { email: `${crypto.randomUUID()}@example.org`, password: 'a long password', organization: 'Described' },
  }),
  'POST /api/auth/login': (scene) => ({ json: { email: scene.account.email, password: scene.account.password } }),
  'POST /api/auth/refresh': async (scene) => ({ json: { refreshToken: await anotherRefreshToken(scene) } }),
  'POST /api/auth/logout': async (scene) => ({ json: { refreshToken: await anotherRefreshToken(scene) } }),
  'POST /api/auth/accept-invitation': async (scene) => {
    const { email } = await anotherInvitation(scene);
    const token = await mailedToken(scene.platform, email, 'invitation');
    return { json: { token, email, password: 'a long password' } };
  },
  'POST /api/auth/confirm-email': async (scene) => {
    const { email } = await createAccount(scene.platform);
    return { json: { token: await mailedToken(scene.platform, email, 'confirm-email') } };
  },
  'POST /api/auth/resend-confirmation': () => ({}),
  'POST /api/auth/forgot-password': (scene) => ({ json: { email: scene.account.email } }),
  'POST /api/auth/reset-password': async (scene) => {
    const { email } = await createAccount(scene.platform);
    await send(scene.platform.url, 'POST /api/auth/forgot-password', { json: { email } });
    return { json: { token: await mailedToken(scene.platform, email, 'reset-password'), password: 'a long password' } };
  },
  'POST /api/auth/change-password': async (scene) => {
    const other = await createAccount(scene.platform);
    return { json: { current: other.password, password: 'a long password' }, headers: tokenOf(other) };
  },
  'GET /api/setup': () => ({}),
  'POST /api/setup': () => ({
    json: { email: `${crypto.randomUUID()}@example.org`, password: 'a long password', organization: 'Described' },
  }),
  'GET /api/me': () => ({}),
  'PATCH /api/me': () => ({ json: { language: 'en', theme: 'dark' } }),
  'DELETE /api/me/sessions': async (scene) => ({ headers: tokenOf(await createAccount(scene.platform)) }),
  'DELETE /api/me/sessions/{id}': async (scene) => ({ id: await anotherSession(scene) }),
  'GET /api/organization': () => ({}),
  'PATCH /api/organization': () => ({ json: { name: 'Renamed' } }),
  'DELETE /api/organization': async (scene) => ({
    json: { name: 'Whole-system test' },
    headers: tokenOf(await createAccount(scene.platform)),
  }),
  'GET /api/organization/export': () => ({}),
  'GET /api/organization/audit': () => ({ query: '?limit=5' }),
  'GET /api/organization/audit/export': () => ({ query: '?format=csv' }),
  'GET /api/organization/members': () => ({}),
  'PATCH /api/organization/members/{id}': async (scene) => ({
    id: await anotherMember(scene),
    json: { role: 'viewer' },
  }),
  'DELETE /api/organization/members/{id}': async (scene) => ({ id: await anotherMember(scene) }),
  'GET /api/organization/invitations': () => ({ query: '?limit=5' }),
  'POST /api/organization/invitations': () => ({
    json: { email: `${crypto.randomUUID()}@example.org`, role: 'admin' },
  }),
  'DELETE /api/organization/invitations/{id}': async (scene) => ({ id: (await anotherInvitation(scene)).id }),
  'GET /api/keys': () => ({ query: '?limit=5' }),
  'POST /api/keys': () => ({ json: { name: 'Described', scopes: ['ask', 'search'] } }),
  'PATCH /api/keys/{id}': async (scene) => ({
    id: await anotherKey(scene),
    json: { rpm: 10, routes: ['default', 'team/*'] },
  }),
  'POST /api/keys/{id}/rotate': async (scene) => ({ id: await anotherKey(scene), json: { graceSeconds: 60 } }),
  'DELETE /api/keys/{id}': async (scene) => ({ id: await anotherKey(scene) }),
  'GET /api/documents': () => ({ query: '?limit=1&status=ready' }),
  'POST /api/documents': () => ({ body: form('other.txt', 'Other terms.') }),
  'GET /api/documents/events': () => ({}),
  'GET /api/documents/{id}': (scene) => ({ id: scene.documentId }),
  'DELETE /api/documents/{id}': async (scene) => ({ id: await scene.account.add('passing.txt', 'Passing terms.') }),
  'GET /api/documents/{id}/events': (scene) => ({ id: scene.documentId }),
  'GET /api/documents/{id}/content': (scene) => ({ id: scene.documentId }),
  'GET /api/documents/{id}/text': (scene) => ({ id: scene.documentId }),
  'GET /api/documents/{id}/compare/{other}': (scene) => ({ id: scene.documentId }),
  'GET /api/documents/{id}/compare/{other}/docx': (scene) => ({ id: scene.documentId }),
  'GET /api/documents/{id}/pages': (scene) => ({ id: scene.documentId, query: '?lastPage=2' }),
  'POST /api/documents/{id}/retry': (scene) => ({ id: scene.failedId }),
  'POST /api/documents/{id}/versions': async (scene) => ({
    id: await scene.account.add('agreed.txt', `Agreed terms ${crypto.randomUUID()}.`),
    body: form('agreed.txt', `Newly agreed terms ${crypto.randomUUID()}.`),
  }),
  'POST /api/uploads': () => ({ headers: { ...tus, 'upload-length': '5' } }),
  'GET /api/uploads/{id}': async (scene) => ({ id: await beginUpload(scene.account, 'begun.txt') }),
  'PATCH /api/uploads/{id}': async (scene) => ({
    id: await beginUpload(scene.account, 'begun.txt', 5),
    body: 'words',
    headers: { ...tus, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' },
  }),
  'DELETE /api/uploads/{id}': async (scene) => ({ id: await beginUpload(scene.account, 'begun.txt'), headers: tus }),
  'POST /api/search': () => ({ json: { query: 'deposit' } }),
  'POST /api/ask': () => ({ json: { question: 'How high is the deposit?' } }),
  'DELETE /api/ask/{key}': async (scene) => ({ id: await anAskedKey(scene) }),
  'GET /api/conversations': () => ({ query: '?limit=5&view=own&q=deposits' }),
  'GET /api/conversations/{id}': (scene) => ({ id: scene.conversationId }),
  'GET /api/conversations/{id}/messages': (scene) => ({ id: scene.conversationId, query: '?limit=1' }),
  'GET /api/conversations/{id}/export': (scene) => ({ id: scene.conversationId, query: '?format=pdf' }),
  'PATCH /api/conversations/{id}': (scene) => ({ id: scene.conversationId, json: { title: 'Deposit' } }),
  'PUT /api/conversations/{id}/share': (scene) => ({ id: scene.conversationId }),
  'PUT /api/conversations/{id}/readers': async (scene) => ({
    id: scene.conversationId,
    json: { userIds: [await anotherMember(scene)] },
  }),
  'DELETE /api/conversations/{id}/share': (scene) => ({ id: scene.conversationId }),
  'DELETE /api/conversations/{id}': async (scene) => ({
    id: (await scene.account.ask('How high is the deposit?')).conversationId,
  }),
  'POST /api/images': () => ({ json: { prompt: 'A lighthouse', width: 64, height: 64 } }),
  'GET /api/images': () => ({ query: '?limit=5' }),
  'GET /api/images/models': () => ({}),
  'GET /api/images/{id}': async (scene) => ({ id: await anImage(scene) }),
  'DELETE /api/images/{id}': async (scene) => ({ id: await aPicture(scene) }),
  'POST /api/images/{id}/cancel': async (scene) => ({ id: await anImage(scene) }),
  'GET /api/images/{id}/events': async (scene) => ({ id: await anImage(scene) }),
  'GET /api/images/{id}/pictures/{index}/{variant}': async (scene) => ({ id: await aPicture(scene) }),
  'GET /api/usage': () => ({}),
  'GET /api/usage/days': () => ({}),
  'GET /api/limits': () => ({}),
  'GET /api/plans': () => ({}),
  'GET /api/subscription': () => ({}),
  'POST /api/subscription': () => ({ json: { action: 'subscribe', tier: 'basic' } }),
  'POST /api/top-ups': () => ({ json: { questions: 100 } }),
  'GET /api/invoices': () => ({ query: '?limit=5' }),
  'GET /api/invoices/{id}': async (scene) => ({ id: (await anotherInvoice(scene)).invoice.id }),
  'GET /api/invoices/{id}/pdf': async (scene) => ({ id: (await anotherInvoice(scene)).invoice.id }),
  'POST /api/invoices/{id}/payments': async (scene) => ({
    id: (await anotherInvoice(scene)).invoice.id,
    json: { provider: 'bank' },
  }),
  'POST /api/billing/webhooks/{provider}': () => {
    const metadata = { paymentId: crypto.randomUUID(), organizationId: crypto.randomUUID() };
    return { id: 'yookassa', json: { event: 'payment.succeeded', object: { id: crypto.randomUUID(), metadata } } };
  },
  'GET /api/admin/organizations': () => ({ query: '?limit=5&search=described' }),
  'GET /api/admin/organizations/{id}': (scene) => ({ id: organizationId(scene) }),
  'PATCH /api/admin/organizations/{id}': (scene) => ({ id: organizationId(scene), json: { tier: 'enterprise' } }),
  'PUT /api/admin/organizations/{id}/overrides': async (scene) => {
    const { overrides } = await scene.account.get<{ overrides: object }>(
      `GET /api/admin/organizations/${organizationId(scene)}`,
    );
    return { id: organizationId(scene), json: overrides };
  },
  'POST /api/admin/organizations/{id}/credits': (scene) => ({
    id: organizationId(scene),
    json: { questions: 5, reason: 'Described' },
  }),
  'GET /api/admin/plans/{tier}': () => ({ id: 'basic' }),
  'PUT /api/admin/plans/{tier}': async (scene) => {
    const { tier, ...json } = await scene.account.get<{ tier: string }>('GET /api/admin/plans/basic');
    return { id: tier, json };
  },
  'GET /api/admin/prices': () => ({}),
  'POST /api/admin/prices': () => ({
    json: { model: crypto.randomUUID(), prompt: '1.00', completion: '2.00', cached: '0.50' },
  }),
  'GET /api/admin/payments': () => ({ query: '?state=pending&provider=bank&limit=5' }),
  'POST /api/admin/payments/{id}/confirm': async (scene) => {
    const { payment } = await anotherInvoice(scene);
    return { id: payment.id, json: { amount: payment.amount, currency: 'RUB' } };
  },
  'PATCH /api/admin/keys/{id}': async (scene) => ({ id: await anotherKey(scene), json: { channel: 'internal' } }),
  'GET /api/admin/usage': () => ({ query: '?limit=5' }),
  'GET /health': () => ({}),
  'GET /ready': () => ({}),
  'GET /api/health': () => ({}),
};

const tokenOf = ({ session }: Account) => ({ authorization: `Bearer ${session.accessToken}` });

const anotherMember = async (scene: Scene) => (await addPerson(scene.platform, scene.account, 'member')).userId;

export const anotherKey = async (scene: Scene) =>
  (await scene.account.get<{ id: string }>('POST /api/keys', { json: { name: 'Passing', scopes: ['ask'] } })).id;

const organizationId = (scene: Scene) => organizationOf(someone(scene.account));

const anotherInvoice = (scene: Scene) =>
  scene.account.get<{ invoice: { id: string }; payment: { id: string; amount: number } }>('POST /api/top-ups', {
    json: { questions: 100 },
  });

const anotherInvitation = (scene: Scene) =>
  scene.account.get<{ id: string; email: string }>('POST /api/organization/invitations', {
    json: { email: `${crypto.randomUUID()}@example.org` },
  });

async function anotherRefreshToken(scene: Scene): Promise<string> {
  const { email, password } = scene.account;
  return (
    (await (await send(scene.platform.url, 'POST /api/auth/login', { json: { email, password } })).json()) as Session
  ).refreshToken;
}

async function anotherSession(scene: Scene): Promise<string> {
  await anotherRefreshToken(scene);
  const { sessions } = await scene.account.get<{ sessions: { id: string; current: boolean }[] }>('GET /api/me');
  return sessions.find(({ current }) => !current)?.id ?? '';
}

async function anAskedKey({ account }: Scene): Promise<string> {
  const key = crypto.randomUUID();
  const asked = { json: { question: 'How high is the deposit?' }, headers: { 'idempotency-key': key } };
  await account.get('POST /api/ask', asked);
  return key;
}

const anImage = async ({ account }: Scene): Promise<string> =>
  (await account.get<{ id: string }>('POST /api/images', { json: { prompt: 'A lighthouse', width: 64, height: 64 } }))
    .id;

/** Of a generation that is done. */
async function aPicture(scene: Scene): Promise<string> {
  const id = await anImage(scene);
  // The stream ends with the generation.
  await (await scene.account.send(`GET /api/images/${id}/events`)).text();
  return id;
}
