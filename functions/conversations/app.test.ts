import { afterAll, describe, expect, it } from 'vitest';
import { storedDocument } from '../../modules/testing/document.ts';
import { type TestMember, testOrganization } from '../../modules/testing/organization.ts';
import { testApp } from '../../platform/testing/app.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import * as module from './app.ts';
import manifest from './function.ts';

const database = await testDatabase();
const app = await testApp(database, { name: 'conversations', manifest, module });
afterAll(async () => {
  await app.close();
  await database.close();
});
const { owner, addMember } = await testOrganization(database);
const colleague = await addMember('owner');
const stranger = (await testOrganization(database)).owner;

async function talk({ organizationId, userId }: TestMember, title = 'How long is the lease?'): Promise<string> {
  const id = crypto.randomUUID();
  await database.owner`
    insert into conversations (id, organization_id, user_id, title) values (${id}, ${organizationId}, ${userId}, ${title})`;
  await database.owner`
    insert into messages (conversation_id, organization_id, role, content, answered, model, created_at) values
    (${id}, ${organizationId}, 'assistant', 'Five years', true, 'm', now() + interval '1 second'),
    (${id}, ${organizationId}, 'user', ${title}, null, null, now())`;
  return id;
}
const ids = (items: { id: string }[]) => items.map(({ id }) => id);

describe('GET /api/conversations', () => {
  it('lists the caller’s own, page by page, and no one else’s', async () => {
    const made = [await talk(owner), await talk(owner), await talk(owner)].toReversed();
    await talk(colleague);
    await talk(stranger);
    const first = (await app.json('GET /api/conversations?limit=2', { as: owner })).body;
    const second = (await app.json(`GET /api/conversations?limit=2&cursor=${first.nextCursor}`, { as: owner })).body;
    expect([...ids(first.items), ...ids(second.items)].toSorted()).toEqual(made.toSorted());
    expect([first.items.length, second.nextCursor]).toEqual([2, null]);
  });

  it('refuses a cursor that is none', async () => {
    expect((await app.json('GET /api/conversations?cursor=%00', { as: owner })).status).toBe(400);
  });
});

describe('GET /api/conversations/:id', () => {
  it('shows what was said in the order it was said', async () => {
    const { status, body } = await app.json(`GET /api/conversations/${await talk(owner)}`, { as: owner });
    expect(status).toBe(200);
    expect(body.title).toBe('How long is the lease?');
    const { id, createdAt } = { id: expect.any(String), createdAt: expect.any(String) };
    expect(body.messages).toEqual([
      {
        id,
        role: 'user',
        content: 'How long is the lease?',
        answered: null,
        incomplete: false,
        citations: [],
        model: null,
        createdAt,
      },
      {
        id,
        role: 'assistant',
        content: 'Five years',
        answered: true,
        incomplete: false,
        citations: [],
        model: 'm',
        createdAt,
      },
    ]);
  });
});

describe('an answer in a conversation', () => {
  it('names its documents once, with what of them could not be read', async () => {
    const id = await talk(owner);
    const documentId = await storedDocument(
      { database, folder: app.folder, organizationId: owner.organizationId },
      { content: 'Lease' },
    );
    const notice = { kind: 'ink-not-read', page: 2 };
    await database.owner`
      update documents set notices = ${database.owner.json([notice])}, notices_omitted = 3 where id = ${documentId}`;
    const citation = { documentId, title: 'Lease', page: 1, start: 0, end: 5, quote: 'Lease' };
    const gone = { ...citation, documentId: crypto.randomUUID(), title: 'Gone' };
    await database.owner`
      update messages set citations = ${database.owner.json([citation, citation, gone])} where role = 'assistant' and conversation_id = ${id}`;
    const headers = { 'accept-language': 'ru' };
    const { body } = await app.json(`GET /api/conversations/${id}`, { as: owner, headers });
    const message = 'Страница 2: рукописный текст, печать или подпись не прочитаны';
    expect(body.sources).toEqual([
      { documentId, title: 'Lease', notices: [{ ...notice, detail: null, message }], noticesOmitted: 3 },
      { documentId: gone.documentId, title: 'Gone', notices: [], noticesOmitted: 0 },
    ]);
  });
});

describe('DELETE /api/conversations/:id', () => {
  it('takes it away with its messages', async () => {
    const id = await talk(owner);
    expect((await app.request(`DELETE /api/conversations/${id}`, { as: owner })).status).toBe(204);
    expect((await app.request(`GET /api/conversations/${id}`, { as: owner })).status).toBe(404);
    expect([...(await database.owner`select 1 from messages where conversation_id = ${id}`)]).toEqual([]);
  });
});

describe.each(['GET', 'DELETE'])('%s of somebody else’s conversation', (method) => {
  it.each([
    ['a colleague', colleague],
    ['a stranger', stranger],
  ])('answers %s with the same bytes as one that is nowhere', async (_, reader) => {
    const theirs = await talk(owner);
    const answerFor = async (id: string) => {
      const call = `${method} /api/conversations/${id}` as 'GET /';
      const response = await app.request(call, { as: reader, headers: { 'x-request-id': 'the-same-id' } });
      return [response.status, await response.text()];
    };
    const answer = await answerFor(theirs);
    expect(answer).toEqual(await answerFor(crypto.randomUUID()));
    expect(answer[0]).toBe(404);
    expect((await app.request(`GET /api/conversations/${theirs}`, { as: owner })).status).toBe(200);
  });
});
