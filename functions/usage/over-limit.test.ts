import { afterAll, describe, expect, it } from 'vitest';
import { daysAfter } from '../../modules/commerce/billing/calendar.ts';
import { testCustomer } from '../../modules/testing/customer.ts';
import { createNotifications } from '../../platform/capabilities/outbox/index.ts';
import { createQueue } from '../../platform/capabilities/queue/index.ts';
import { testApp } from '../../platform/testing/app.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import * as ask from '../ask/app.ts';
import askManifest from '../ask/function.ts';
import * as documents from '../documents/app.ts';
import documentsManifest from '../documents/function.ts';
import * as organization from '../organization/app.ts';
import organizationManifest from '../organization/function.ts';
import * as usage from './app.ts';
import manifest from './function.ts';

const database = await testDatabase();
const queue = createQueue(database.url('billing'));
const apps = {
  limits: await testApp(database, { name: 'usage', manifest, module: usage }),
  documents: await testApp(database, { name: 'documents', manifest: documentsManifest, module: documents }),
  organization: await testApp(database, { name: 'organization', manifest: organizationManifest, module: organization }),
  ask: await testApp(database, { name: 'ask', manifest: askManifest, module: ask }),
};
afterAll(async () => {
  for (const app of Object.values(apps)) await app.close();
  await queue.close();
  await database.close();
});

const [plan] = await database.owner<{ documents: number; users: number; bytes: number; day: number }[]>`
  select documents, users, storage_bytes::float as bytes, questions_per_day as day from subscription_plans where tier = 'basic'`;
if (!plan) throw new Error('Read plan "basic": there is none');
const mine = await testCustomer(database, { notifications: createNotifications(queue) });
const as = mine.owner;
const form = (content: string) => {
  const body = new FormData();
  body.append('file', new Blob([content]), 'lease.txt');
  return { as, body };
};
const upload = (content: string, path: `/${string}` = '/api/documents') =>
  apps.documents.json(`POST ${path}`, form(content));
const limits = async () => (await apps.limits.json('GET /api/limits', { as })).body;
const stored = async () =>
  database.owner<{ id: string }[]>`select id from documents where organization_id = ${mine.id} order by bytes desc`;

describe('an organization that holds more than its new, lower plan allows', async () => {
  const now = new Date();
  const begun = daysAfter(now, -40);
  await mine.pay(begun, (await mine.ask(begun, { action: 'subscribe', tier: 'enterprise' })).invoice);
  const end = (await mine.subscription())?.periodEnd ?? now;
  const held = { documents: plan.documents + 2, bytes: plan.bytes + plan.documents + 1, users: plan.users + 1 };
  await database.owner`
    insert into documents (organization_id, title, file_name, format, bytes, sha256, storage_key, status)
    select ${mine.id}, 'Lease ' || n, 'lease.txt', 'txt', case n when 1 then ${plan.bytes} else 1 end, 'sha-' || n, 'key-' || n, 'ready'
    from generate_series(1, ${held.documents}) n`;
  await database.owner`
    insert into users (organization_id, email, password_hash, role)
    select ${mine.id}, n || '@over-limit.example', 'none', 'member' from generate_series(2, ${held.users}) n`;
  await database.owner`
    insert into question_counters values (${mine.id}, 'day', (now() at time zone 'UTC')::date, ${plan.day + 5})`;
  await database.owner`update organizations set storage_used = ${held.bytes}, question_credits = 1 where id = ${mine.id}`;
  await mine.pay(
    daysAfter(end, -6),
    (await mine.ask(daysAfter(end, -6), { action: 'downgrade', tier: 'basic' })).invoice,
  );
  await mine.tend(now);

  it('keeps all of it, and is shown and told that it is over', async () => {
    expect(await limits()).toMatchObject({
      tier: 'basic',
      documents: { used: held.documents, limit: plan.documents, left: 0 },
      storageBytes: { used: held.bytes, limit: plan.bytes, left: 0 },
      users: { used: held.users, limit: plan.users, left: 0 },
      questions: { day: { used: plan.day + 5, limit: plan.day, left: 0 }, credits: 1 },
    });
    expect(await stored()).toHaveLength(held.documents);
    const letters = await database.owner`
      select parameters from notifications where email = ${as.email} and kind = 'limit-reached' order by parameters->>'what'`;
    expect(letters.map(({ parameters }) => parameters)).toEqual([
      { what: 'documents', used: held.documents, limit: plan.documents },
      { what: 'storage', used: held.bytes, limit: plan.bytes },
    ]);
  });

  it('can read all of it and add nothing', async () => {
    const refusal = (limit: number, used: number) => ({
      ...{ status: 403 },
      body: { type: 'urn:pandect:problem:plan-limit-reached', limit, used },
    });
    const [first] = await stored();
    expect((await apps.documents.json(`GET /api/documents/${first?.id}`, { as })).status).toBe(200);
    expect(await upload('One more')).toMatchObject(refusal(plan.documents, held.documents));
    const version = await upload('Another version', `/api/documents/${first?.id}/versions`);
    expect(version).toMatchObject(refusal(plan.bytes, held.bytes));
    const json = { email: 'new@over-limit.example' };
    const invited = await apps.organization.json('POST /api/organization/invitations', { as, json });
    expect(invited).toMatchObject(refusal(plan.users, held.users));
    expect(await stored()).toHaveLength(held.documents);
  });

  it('asks with the question that it bought, and then not until the next day', async () => {
    const question = () => apps.ask.json('POST /api/ask', { as, json: { question: 'What is the rent?' } });
    expect((await question()).status).toBe(200);
    expect((await question()).body.type).toBe('urn:pandect:problem:daily-questions-used');
  });

  it('has room as soon as it holds less than the plan allows', async () => {
    for (const { id } of (await stored()).slice(0, 3)) {
      expect((await apps.documents.request(`DELETE /api/documents/${id}`, { as })).status).toBe(204);
    }
    expect((await upload('One more')).status).toBe(202);
    expect((await limits()).documents).toMatchObject({ used: plan.documents, left: 0 });
    expect((await upload('Yet another')).body.type).toBe('urn:pandect:problem:plan-limit-reached');
  });
});
