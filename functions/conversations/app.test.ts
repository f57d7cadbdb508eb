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

describe('GET /api/conversations?q=', () => {
  const find = async (q: string, as = owner, more = '&limit=50') =>
    (await app.json(`GET /api/conversations?q=${encodeURIComponent(q)}${more}`, { as })).body;
  const say = (id: string, content: string, { organizationId }: TestMember = owner) => database.owner`
    insert into messages (conversation_id, organization_id, role, content) values (${id}, ${organizationId}, 'user', ${content})`;

  it('finds words in any of their forms, in titles and in messages, and shows where', async () => {
    const named = await talk(owner, 'How?');
    await database.owner`update conversations set title = 'Неустойка ПО ДОГОВОРУ поставки' where id = ${named}`;
    const said = await talk(owner, 'Another question');
    await say(said, `${'Слова. '.repeat(30)}В договоре Ёлкина указана неустойка 50 руб.`);
    await say(await talk(owner, 'Договор'), 'и только');
    const { items } = await find('неустойки договора');
    expect(ids(items)).toEqual([said, named]);
    expect(items[0].excerpt).toMatch(/^….*В договоре Ёлкина указана неустойка 50 руб\.$/);
    expect(items[1].excerpt).toBeNull();
    expect(ids((await find('елкин 50')).items)).toEqual([said]);
  });

  it.each(['%', '_', "' or true --", '\\'])('takes %j for itself', async (q) => {
    const id = await talk(owner, `A title with ${q} in it`);
    await talk(owner, 'Quite another one');
    expect(ids((await find(q)).items)).toEqual([id]);
  });

  it('finds nothing of others, page by page', async () => {
    const made = [await talk(owner, 'Zebra one'), await talk(owner, 'Zebra two')];
    await talk(colleague, 'Zebra of a colleague');
    await talk(stranger, 'Zebra of a stranger');
    const first = await find('zebras', owner, '&limit=1');
    const second = await find('zebras', owner, `&limit=1&cursor=${first.nextCursor}`);
    expect([...ids(first.items), ...ids(second.items)].toSorted()).toEqual(made.toSorted());
    expect(second.nextCursor).toBeNull();
  });

  it.each(['', ' ', 'x'.repeat(201), '%00'])('refuses %j', async (q) => {
    expect((await app.json(`GET /api/conversations?q=${q}`, { as: owner })).status).toBe(400);
  });
});

describe('messages of a long conversation', () => {
  it('come with it, the newest hundred, and page by page before', async () => {
    const id = await talk(owner);
    await database.owner`
      insert into messages (conversation_id, organization_id, role, content, created_at)
      select ${id}, ${owner.organizationId}, 'user', n::text, now() + interval '2 seconds' + n * interval '1 microsecond'
      from generate_series(1, 150) n`;
    const { body } = await app.json(`GET /api/conversations/${id}`, { as: owner });
    const texts = (items: { content: string }[]) => items.map(({ content }) => content);
    expect(texts(body.messages)).toEqual(Array.from({ length: 100 }, (_, index) => String(index + 51)));
    const page = async (cursor: string) =>
      (await app.json(`GET /api/conversations/${id}/messages?limit=40&cursor=${cursor}`, { as: owner })).body;
    const second = await page(body.earlierCursor);
    expect(texts(second.items)).toEqual(Array.from({ length: 40 }, (_, index) => String(50 - index)));
    const third = await page(second.nextCursor);
    expect(texts(third.items).slice(-3)).toEqual(['1', 'Five years', 'How long is the lease?']);
    expect(third.nextCursor).toBeNull();
  });
});

describe('PATCH /api/conversations/:id', () => {
  it('renames the caller’s own', async () => {
    const id = await talk(owner);
    const { status, body } = await app.json(`PATCH /api/conversations/${id}`, {
      as: owner,
      json: { title: ' Срок аренды ' },
    });
    expect([status, body.title, body.isOwn]).toEqual([200, 'Срок аренды', true]);
    expect((await app.json(`GET /api/conversations/${id}`, { as: owner })).body.title).toBe('Срок аренды');
  });
});

describe('GET /api/conversations/:id/export', () => {
  it.each([
    ['docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'PK'],
    ['pdf', 'application/pdf', '%PDF-'],
  ])('gives a %s with the name of the conversation, also to those it is shared with', async (format, type, start) => {
    const id = await talk(owner, 'Срок / "аренды"');
    const call = `GET /api/conversations/${id}/export?format=${format}` as const;
    const response = await app.request(call, { as: owner, headers: { 'accept-language': 'ru' } });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, type]);
    expect(response.headers.get('content-disposition')).toContain(
      `UTF-8''${encodeURIComponent(`Срок аренды .${format}`).slice(0, 20)}`,
    );
    expect(Buffer.from(await response.arrayBuffer()).toString('latin1', 0, start.length)).toBe(start);
    expect((await app.request(call, { as: colleague })).status).toBe(404);
    await app.request(`PUT /api/conversations/${id}/share`, { as: owner });
    expect((await app.request(call, { as: colleague })).status).toBe(200);
    await app.request(`DELETE /api/conversations/${id}`, { as: owner });
  });

  it('refuses other formats', async () => {
    const id = await talk(owner);
    expect((await app.json(`GET /api/conversations/${id}/export?format=odt`, { as: owner })).status).toBe(400);
  });
});

describe('a shared conversation', () => {
  const share = (id: string, as = owner) => app.json(`PUT /api/conversations/${id}/share`, { as });
  const read = async (id: string, as: TestMember) => (await app.request(`GET /api/conversations/${id}`, { as })).status;
  const shared = async (as: TestMember) =>
    ids((await app.json('GET /api/conversations?view=shared&limit=100', { as })).body.items);

  it('is read by all members and changed by its owner alone, until sharing is stopped', async () => {
    const id = await talk(owner, 'For all of us');
    const viewer = await addMember('viewer');
    expect(await read(id, viewer)).toBe(404);
    const { body } = await share(id);
    expect(body).toMatchObject({ sharedAt: expect.any(String), isOwn: true });
    expect((await share(id)).body.sharedAt).toBe(body.sharedAt);
    const seen = (await app.json(`GET /api/conversations/${id}`, { as: viewer })).body;
    expect(seen).toMatchObject({ isOwn: false, owner: { userId: owner.userId, email: expect.stringContaining('@') } });
    expect((await app.json(`GET /api/conversations/${id}/messages`, { as: viewer })).body.items).toHaveLength(2);
    expect([await shared(viewer), await shared(owner), await shared(stranger)]).toEqual([[id], [id], []]);
    expect(ids((await app.json('GET /api/conversations', { as: viewer })).body.items)).not.toContain(id);
    expect(await read(id, stranger)).toBe(404);
    for (const call of [
      `PATCH /api/conversations/${id}`,
      `DELETE /api/conversations/${id}`,
      `DELETE /api/conversations/${id}/share`,
    ] as const)
      expect(
        (await app.request(call, { as: viewer, ...(call.startsWith('PATCH') && { json: { title: 'Mine' } }) })).status,
      ).toBe(404);
    expect((await app.json(`DELETE /api/conversations/${id}/share`, { as: owner })).body.sharedAt).toBeNull();
    expect([await read(id, viewer), await shared(viewer)]).toEqual([404, []]);
    const acts = await database.owner`select action, actor_id from audit_log where target = ${id} order by created_at`;
    expect(acts.map(({ action }) => action)).toEqual(['share-conversation', 'stop-sharing-conversation']);
  });

  describe('with chosen members', () => {
    const choose = (id: string, userIds: string[], as = owner) =>
      app.json(`PUT /api/conversations/${id}/readers`, { as, json: { userIds } });

    it('is read, listed and exported by them alone, until another choice or its end', async () => {
      const id = await talk(owner, 'For two of us');
      const [chosen, other] = [await addMember('viewer'), await addMember('admin')];
      const { status, body } = await choose(id, [chosen.userId, colleague.userId, chosen.userId]);
      const people = [chosen, colleague].map(({ userId, email }) => ({ userId, email }));
      expect([status, body.sharedAt]).toEqual([200, null]);
      expect(body.readers.toSorted()).toEqual(expect.arrayContaining(people));
      expect(body.readers).toHaveLength(2);
      expect([await read(id, chosen), await read(id, other), await read(id, stranger)]).toEqual([200, 404, 404]);
      expect([await shared(chosen), await shared(owner), await shared(other)]).toEqual([[id], [id], []]);
      const files = [chosen, other].map((as) => app.request(`GET /api/conversations/${id}/export`, { as }));
      expect((await Promise.all(files)).map((file) => file.status)).toEqual([200, 404]);
      expect((await app.json(`GET /api/conversations/${id}/messages`, { as: chosen })).body.items).toHaveLength(2);

      await choose(id, [other.userId]);
      expect([await read(id, chosen), await read(id, colleague), await read(id, other)]).toEqual([404, 404, 200]);
      await share(id);
      expect([await read(id, chosen), (await app.json(`GET /api/conversations/${id}`, { as: other })).body]).toEqual([
        200,
        expect.objectContaining({ readers: [], sharedAt: expect.any(String), isOwn: false }),
      ]);
      await choose(id, [other.userId]);
      expect([await read(id, chosen), await read(id, other)]).toEqual([404, 200]);
      const ended = (await app.json(`DELETE /api/conversations/${id}/share`, { as: owner })).body;
      expect([ended.readers, ended.sharedAt, await read(id, other)]).toEqual([[], null, 404]);
    });

    it('is in the audit log with whom, once for each change', async () => {
      const id = await talk(owner);
      for (const userIds of [[colleague.userId], [colleague.userId]]) await choose(id, userIds);
      await app.request(`DELETE /api/conversations/${id}/share`, { as: owner });
      const acts = await database.owner`select action, details from audit_log where target = ${id} order by created_at`;
      expect([...acts]).toEqual([
        { action: 'share-conversation', details: { readers: [colleague.email] } },
        { action: 'stop-sharing-conversation', details: {} },
      ]);
    });

    it('is left to its owner alone when the last of them leaves', async () => {
      const leaving = await addMember('member');
      const id = await talk(owner);
      await choose(id, [leaving.userId]);
      await database.owner`delete from users where id = ${leaving.userId}`;
      expect([await read(id, owner), await read(id, colleague), await shared(owner)]).toEqual([200, 404, []]);
    });

    describe('of whom one is being removed', () => {
      /** Runs a call while a person is half removed: after what was asked so far, and before the removal is committed. */
      async function duringRemovalOf<T>({ userId }: TestMember, call: () => Promise<T>): Promise<T> {
        let answer: Promise<T> | undefined;
        await database.owner.begin(async (removal) => {
          await removal`delete from users where id = ${userId}`;
          answer = call();
          await expect.poll(waiting).toBe(1);
        });
        return answer as Promise<T>;
      }
      const waiting = async () => {
        const [row] = await database.owner`
          select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
        return row?.n;
      };

      it('is refused and stays as it was', async () => {
        const [leaving, staying] = [await addMember('member'), await addMember('member')];
        const id = await talk(owner);
        await choose(id, [colleague.userId]);
        const { status, body } = await duringRemovalOf(leaving, () => choose(id, [staying.userId, leaving.userId]));
        expect([status, body.errors]).toEqual([
          400,
          [{ path: 'body.userIds.1', message: 'is not another member of your organization' }],
        ]);
        expect([await read(id, colleague), await read(id, staying)]).toEqual([200, 404]);
        await database.owner`delete from conversations where id = ${id}`;
      });

      it('is not found when its owner is removed', async () => {
        const leaving = await addMember('member');
        const id = await talk(leaving);
        expect((await duringRemovalOf(leaving, () => choose(id, [colleague.userId], leaving))).status).toBe(404);
      });

      it('is shared with the others or refused, never half, whichever comes first', async () => {
        const id = await talk(owner);
        for (let round = 0; round < 12; round++) {
          const leaving = await addMember('member');
          const [{ status }] = await Promise.all([
            choose(id, [leaving.userId, colleague.userId]),
            database.owner`delete from users where id = ${leaving.userId}`,
          ]);
          expect([200, 400]).toContain(status);
        }
        await database.owner`delete from conversations where id = ${id}`;
      });
    });

    it('is listed by the time at which it was shared with the reader, page by page', async () => {
      const made = [await talk(owner), await talk(colleague), await talk(owner)];
      const reader = await addMember('member');
      await choose(made[2] as string, [reader.userId]);
      await share(made[1] as string, colleague);
      await choose(made[0] as string, [reader.userId]);
      const page = async (more: string) =>
        (await app.json(`GET /api/conversations?view=shared&limit=2${more}`, { as: reader })).body;
      const first = await page('');
      const second = await page(`&cursor=${first.nextCursor}`);
      expect([...ids(first.items), ...ids(second.items)]).toEqual(made);
      for (const id of made) await database.owner`delete from conversations where id = ${id}`;
    });

    it.each([
      ['no one', () => []],
      ['the owner', () => [owner.userId]],
      ['people of another organization', () => [colleague.userId, stranger.userId]],
      ['ids that are none', () => ['x']],
    ])('refuses %s and changes nothing', async (_, userIds) => {
      const id = await talk(owner);
      await choose(id, [colleague.userId]);
      const { status, body } = await choose(id, userIds());
      expect([status, body.errors[0].path]).toEqual([400, expect.stringMatching(/^body\.userIds(\.[01])?$/)]);
      expect(await read(id, colleague)).toBe(200);
      await database.owner`delete from conversations where id = ${id}`;
    });
  });

  it('is gone with its deletion, and with its owner', async () => {
    const leaving = await addMember('member');
    const [deleted, left] = [await talk(owner), await talk(leaving)];
    await share(deleted);
    await share(left, leaving);
    expect(await shared(colleague)).toEqual([left, deleted]);
    await app.request(`DELETE /api/conversations/${deleted}`, { as: owner });
    await database.owner`delete from users where id = ${leaving.userId}`;
    expect([await shared(colleague), await read(left, colleague)]).toEqual([[], 404]);
  });

  it('is listed page by page, the newest share first', async () => {
    const made = [await talk(owner), await talk(colleague), await talk(owner)];
    for (const [index, id] of made.entries()) await share(id, index === 1 ? colleague : owner);
    const first = (await app.json('GET /api/conversations?view=shared&limit=2', { as: owner })).body;
    const second = (
      await app.json(`GET /api/conversations?view=shared&limit=2&cursor=${first.nextCursor}`, { as: owner })
    ).body;
    expect([...ids(first.items), ...ids(second.items)]).toEqual(made.toReversed());
    for (const id of made) await database.owner`update conversations set shared_at = null where id = ${id}`;
  });
});

describe.each(['GET', 'DELETE', 'PATCH', 'PUT share', 'DELETE share', 'PUT readers', 'GET messages'])(
  '%s of somebody else’s conversation',
  (call) => {
    it.each([
      ['a colleague', colleague],
      ['a stranger', stranger],
    ])('answers %s with the same bytes as one that is nowhere', async (_, reader) => {
      const theirs = await talk(owner);
      const answerFor = async (id: string) => {
        const [method, part] = call.split(' ');
        const response = await app.request(`${method} /api/conversations/${id}${part ? `/${part}` : ''}`, {
          ...{ as: reader, headers: { 'x-request-id': 'the-same-id' } },
          ...(method === 'PATCH' && { json: { title: 'Mine' } }),
          ...(part === 'readers' && { json: { userIds: [owner.userId] } }),
        });
        return [response.status, await response.text()];
      };
      const answer = await answerFor(theirs);
      expect(answer).toEqual(await answerFor(crypto.randomUUID()));
      expect(answer[0]).toBe(404);
      expect((await app.request(`GET /api/conversations/${theirs}`, { as: owner })).status).toBe(200);
    });
  },
);
