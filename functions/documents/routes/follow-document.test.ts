import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { storedDocument } from '../../../modules/testing/document.ts';
import { testOrganization } from '../../../modules/testing/organization.ts';
import { createProtectedRouter } from '../../../platform/runtime/http/router.ts';
import { type TestApp, testApp } from '../../../platform/testing/app.ts';
import { testDatabase } from '../../../platform/testing/database.ts';
import * as module from '../app.ts';
import manifest from '../function.ts';
import { followDocument } from './follow-document.ts';

const database = await testDatabase();
const app = await testApp(database, { name: 'documents', manifest, module });
afterAll(async () => {
  await app.close();
  await database.close();
});
const { id: organizationId, owner, addMember } = await testOrganization(database);
const viewer = await addMember('viewer');
let made = 0;
const waiting = () => storedDocument({ database, folder: app.folder, organizationId }, { content: `File ${made++}` });
const announce = (id: string) => database.owner`select pg_notify('changes', ${`document ${id}`})`;
const setStatus = (id: string, status: string) =>
  database.owner`update documents set status = ${status} where id = ${id}`;

/** The events of a document as they come. */
async function follow(id: string, by: TestApp = app) {
  const response = await by.request(`GET /api/documents/${id}/events`, { as: viewer });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let body = '';
  const read = async () => {
    const part = await reader?.read();
    body += part?.value ?? '';
    return part?.done === false;
  };
  return {
    async until(words: string) {
      while (!body.includes(words) && (await read()));
      expect(body).toContain(words);
    },
    /** Each event's name and data. */
    async rest() {
      while (await read());
      return [...body.matchAll(/^event: (\w+)\ndata: (.*)$/gm)].map(([, name, data]) => ({
        name,
        data: JSON.parse(data ?? ''),
      }));
    },
  };
}
const statuses = (events: { name: string | undefined; data: { status: string } }[]) =>
  events.map(({ name, data }) => [name, data.status]);

describe('GET /api/documents/:id/events', () => {
  afterEach(() => database.owner`grant select on documents to pandect_tenant`);

  it('follows a document until it is ready', async () => {
    const id = await waiting();
    const events = await follow(id);
    await events.until('"queued"');
    await setStatus(id, 'processing');
    await announce(id);
    await events.until('"processing"');
    await setStatus(id, 'ready');
    await announce(id);
    expect(statuses(await events.rest())).toEqual([
      ['status', 'queued'],
      ['status', 'processing'],
      ['status', 'ready'],
    ]);
  });

  it('ends at once for one that is ready', async () => {
    const id = await waiting();
    await setStatus(id, 'ready');
    expect(statuses(await (await follow(id)).rest())).toEqual([['status', 'ready']]);
  });

  it('ends when the document is deleted', async () => {
    const id = await waiting();
    const events = await follow(id);
    await events.until('"queued"');
    await app.request(`DELETE /api/documents/${id}`, { as: owner });
    expect(statuses(await events.rest())).toEqual([['status', 'queued']]);
  });

  it('ends with a problem that says nothing of what went wrong inside, and logs it', async () => {
    const id = await waiting();
    const events = await follow(id);
    await events.until('"queued"');
    await database.owner`revoke select on documents from pandect_tenant`;
    await announce(id);
    const last = (await events.rest()).at(-1);
    expect(last).toMatchObject({ name: 'error', data: { type: 'urn:pandect:problem:internal', status: 500 } });
    expect(JSON.stringify(last)).not.toMatch(/permission|query/i);
    expect(app.log.find(({ message }) => message === 'Events broke off')).toMatchObject({
      level: 'error',
      error: { cause: { code: '42501' } },
    });
  });

  it('looks again from time to time, for changes that it did not hear of', async () => {
    const impatient = {
      provide: module.provide,
      createApp(deps: Parameters<typeof module.createApp>[0]) {
        const router = createProtectedRouter(deps.tokens);
        followDocument(router, deps, 20);
        return router;
      },
    };
    const one = await testApp(database, { name: 'documents', manifest, module: impatient }, { folder: app.folder });
    const id = await waiting();
    const events = await follow(id, one);
    await events.until(': still here');
    await setStatus(id, 'ready');
    expect(statuses(await events.rest())).toEqual([
      ['status', 'queued'],
      ['status', 'ready'],
    ]);
    await one.close();
  });
});
