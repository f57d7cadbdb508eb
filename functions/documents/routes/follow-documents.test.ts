import { afterAll, describe, expect, it } from 'vitest';
import { documentTopic } from '../../../modules/legal/documents/change.ts';
import { storedDocument } from '../../../modules/testing/document.ts';
import { testOrganization } from '../../../modules/testing/organization.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { unauthenticated } from '../../../platform/kernel/problems.ts';
import { createProtectedRouter } from '../../../platform/runtime/http/router.ts';
import { testApp } from '../../../platform/testing/app.ts';
import { testDatabase } from '../../../platform/testing/database.ts';
import * as module from '../app.ts';
import manifest from '../function.ts';
import { followDocuments } from './follow-documents.ts';

const database = await testDatabase();
let isSignedIn = true;
/** With a short heartbeat, and a token that can end. */
const impatient = {
  provide: module.provide,
  createApp({ tokens, ...deps }: Parameters<typeof module.createApp>[0]) {
    const router = createProtectedRouter(tokens);
    const ending = {
      isKey: tokens.isKey,
      verify: (credential: string) =>
        isSignedIn ? tokens.verify(credential) : Promise.reject(new Problem(unauthenticated)),
    };
    followDocuments(router, { ...deps, tokens: ending }, 50);
    return router;
  },
};
const app = await testApp(database, { name: 'documents', manifest, module });
const quick = await testApp(database, { name: 'documents', manifest, module: impatient }, { folder: app.folder });
afterAll(async () => {
  await quick.close();
  await app.close();
  await database.close();
});
const mine = await testOrganization(database);
const viewer = await mine.addMember('viewer');
const stranger = await testOrganization(database);
let made = 0;
const stored = (organizationId = mine.id) =>
  storedDocument({ database, folder: app.folder, organizationId }, { content: `File ${made++}` });
const announce = (payload: string) => database.owner`select pg_notify('changes', ${payload})`;

/** The events of a stream as they come. */
async function follow(by = app, as = viewer) {
  const response = await by.request('GET /api/documents/events', { as });
  expect(response.status).toBe(200);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let body = '';
  const read = async () => {
    const part = await reader?.read();
    body += part?.value ?? '';
    return part?.done === false;
  };
  const events = () =>
    [...body.matchAll(/^event: (\w+)\ndata: (.*)$/gm)].map(([, name, data]) => ({
      name,
      data: JSON.parse(data ?? ''),
    }));
  return {
    async until(words: string) {
      while (!body.includes(words) && (await read()));
      expect(body).toContain(words);
      return events();
    },
    async rest() {
      while (await read());
      return events();
    },
    leave: () => reader?.cancel(),
  };
}

describe('GET /api/documents/events', () => {
  it('asks to read the list first, then tells of each document that came, changed or is gone', async () => {
    const stream = await follow();
    await stream.until('event: list');
    const form = new FormData();
    form.set('file', new File(['The rent is 500.'], 'rent.txt'));
    const { body } = await app.json('POST /api/documents', { as: mine.owner, body: form });
    await stream.until(body.id);
    const other = await stored();
    await database.owner`update documents set status = 'ready' where id = ${other}`;
    await announce(`documents ${mine.id} ${other}`);
    await stream.until(other);
    await app.request(`DELETE /api/documents/${other}`, { as: mine.owner });
    const events = await stream.until('event: deleted');
    await stream.leave();
    expect(events).toEqual([
      { name: 'list', data: {} },
      { name: 'status', data: expect.objectContaining({ id: body.id, status: 'queued', fileName: 'rent.txt' }) },
      { name: 'status', data: expect.objectContaining({ id: other, status: 'ready' }) },
      { name: 'deleted', data: { id: other } },
    ]);
  });

  it('tells nothing of documents of others, even where one is named', async () => {
    const stream = await follow();
    await stream.until('event: list');
    const [foreign, own] = [await stored(stranger.id), await stored()];
    await announce(`${documentTopic} ${foreign}`);
    await announce(`documents ${stranger.id} ${foreign}`);
    await announce(`documents ${mine.id} ${own}`);
    const events = await stream.until(own);
    await stream.leave();
    expect(JSON.stringify(events)).not.toContain(foreign);
  });

  it('asks to read the list again where changes were not heard', async () => {
    const stream = await follow();
    await stream.until('event: list');
    await database.owner`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and query like 'listen%' and pid <> pg_backend_pid()`;
    expect((await stream.until('data: {}\n\nevent: list')).map(({ name }) => name)).toEqual(['list', 'list']);
    await stream.leave();
  });

  it('gives signs of life, and ends with the token in good order', async () => {
    const stream = await follow(quick);
    await stream.until(': still here');
    isSignedIn = false;
    expect(await stream.rest()).toEqual([{ name: 'list', data: {} }]);
    isSignedIn = true;
  });

  it('serves only so many at once to one person', async () => {
    const streams = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const stream = await follow();
        await stream.until('event: list');
        return stream;
      }),
    );
    const refused = await app.request('GET /api/documents/events', { as: viewer });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '30']);
    await Promise.all(streams.map((stream) => stream.leave()));
    // Where one has left there is room again.
    await expect
      .poll(async () => {
        const again = await app.request('GET /api/documents/events', { as: viewer });
        await again.body?.cancel();
        return again.status;
      })
      .toBe(200);
  });
});
