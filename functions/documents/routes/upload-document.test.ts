import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { openProxy } from '../../../db/proxy.fixture.ts';
import { type TestOrganization, testOrganization } from '../../../modules/testing/organization.ts';
import { createLocalStorage } from '../../../platform/capabilities/storage/index.ts';
import { testApp } from '../../../platform/testing/app.ts';
import { testDatabase } from '../../../platform/testing/database.ts';
import * as module from '../app.ts';
import manifest from '../function.ts';

const database = await testDatabase();
const app = await testApp(database, { name: 'documents', manifest, module });
afterAll(async () => {
  await app.close();
  await database.close();
});
const storage = createLocalStorage({ directory: join(app.folder, 'files') });
let mine: TestOrganization;
beforeEach(async () => {
  mine = await testOrganization(database);
  for await (const { key } of storage.list()) await storage.remove(key);
});

type File = [content: string | Buffer, name: string, type?: string];
function form(...files: File[]): FormData {
  const data = new FormData();
  for (const [content, name, type = ''] of files)
    data.append('file', new Blob([new Uint8Array(Buffer.from(content))], { type }), name);
  return data;
}
const upload = (body: BodyInit, options: { as?: { token: string }; headers?: Record<string, string> } = {}) =>
  app.json('POST /api/documents', { as: mine.owner, ...options, body, duplex: 'half' } as object);

const BOUNDARY = '----boundary';
/** A multipart body as its bytes, for names and ends that a browser would not send. */
const raw = (name: string, content: string, end = `\r\n--${BOUNDARY}--\r\n`) => ({
  body: `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n\r\n${content}${end}`,
  headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
});
const uploadRaw = (...parts: Parameters<typeof raw>) => {
  const { body, headers } = raw(...parts);
  return upload(body, { headers });
};

const rows = () =>
  database.owner`select file_name, title, format, bytes::int, status from documents where organization_id = ${mine.id}`;
const files = async () => (await Array.fromAsync(storage.list())).length;
const jobs = () =>
  database.owner`select 1 from pgboss.job where name = 'ingest' and data->>'organizationId' = ${mine.id}`;
async function expectNothingLeft() {
  expect([(await rows()).length, await files(), (await jobs()).length]).toEqual([0, 0, 0]);
  const [held] = await database.owner`select storage_used::int from organizations where id = ${mine.id}`;
  expect(held).toEqual({ storage_used: 0 });
}

describe('POST /api/documents', () => {
  it('stores the file and has it read', async () => {
    const { status, body } = await upload(form(['Статья 1. Предмет', 'Устав.txt', 'text/plain']));
    expect([status, body]).toEqual([202, { id: expect.any(String), status: 'queued', duplicate: false }]);
    expect([...(await rows())]).toEqual([
      { file_name: 'Устав.txt', title: 'Устав', format: 'txt', bytes: 30, status: 'queued' },
    ]);
    expect([await files(), (await jobs()).length]).toEqual([1, 1]);
    const [log] = await database.owner`select action, user_id from usage_logs where organization_id = ${mine.id}`;
    expect(log).toEqual({ action: 'document_upload', user_id: mine.owner.userId });
  });

  it.each([
    [`filename="akt.txt"; filename*=UTF-8''%D0%90%D0%BA%D1%82.txt`, 'Акт.txt'],
    [`filename*=utf-8'ru'%D0%90%D0%BA%D1%82.txt; filename="akt.txt"`, 'Акт.txt'],
    ["filename*=windows-1251''%C0%EA%F2.txt", 'Акт.txt'],
    [`filename*="UTF-8''%D0%90%D0%BA%D1%82.txt"`, 'Акт.txt'],
    ["filename*0*=UTF-8''%D0%90; filename*1*=%D0%BA%D1%82.txt", 'Акт.txt'],
    [`filename="rent.txt"; filename*=UTF-8''%FF%FE.txt`, 'rent.txt'],
    [`filename="a; filename*=UTF-8''b.txt"`, "a; filename*=UTF-8''b.txt"],
    ['filename="%D0%90%D0%BA%D1%82.txt"', 'Акт.txt'],
    ['filename="=?UTF-8?B?0JDQutGCLnR4dA==?="', 'Акт.txt'],
    [`filename="'Акт.txt'"`, 'Акт.txt'],
  ])('shows a name sent as %s as %s', async (parameters, shown) => {
    const { body, headers } = raw('', 'Rent');
    await upload(
      body.replace('filename=""', () => parameters),
      { headers },
    );
    expect((await rows())[0]?.file_name).toBe(shown);
  });

  it.each([
    ['../../etc/passwd.txt', 'passwd.txt'],
    ['..\\..\\boot.txt', 'boot.txt'],
    ['/etc/shadow.txt', 'shadow.txt'],
    ['con\0tract.txt', 'contract.txt'],
    ['a\u202etxt.exe.txt', 'atxt.exe.txt'],
    ['%D0%90%D0%BA%D1%82%20%E2%84%961.txt', 'Акт №1.txt'],
    ['=?UTF-8?B?0JDQutGC?=.txt', 'Акт.txt'],
    ['Скидка %41.txt', 'Скидка %41.txt'],
    [`${'long '.repeat(100)}.txt`, expect.stringMatching(/^long .*….txt$/)],
  ])('shows the name %j as %j and stores under a key of its own', async (name, shown) => {
    const { status } = await uploadRaw(name, 'Content');
    expect(status).toBe(202);
    expect((await rows())[0]?.file_name).toEqual(shown);
    const [{ key } = { key: '' }] = await Array.fromAsync(storage.list());
    expect(key).toMatch(/^[0-9a-f]{2}\/[0-9a-f-]{36}$/);
  });

  it('leads the same content to the document that is there, also when both come at once', async () => {
    const [one, two] = await Promise.all([upload(form(['Same', 'a.txt'])), upload(form(['Same', 'b.txt']))]);
    const third = await upload(form(['Same', 'c.txt']));
    expect(new Set([one.body.id, two.body.id, third.body.id]).size).toBe(1);
    expect([one.body.duplicate, two.body.duplicate].toSorted()).toEqual([false, true]);
    expect(third.body).toEqual({ id: one.body.id, status: 'queued', duplicate: true });
    expect([(await rows()).length, await files(), (await jobs()).length]).toEqual([1, 1, 1]);
    const [held] = await database.owner`select storage_used::int from organizations where id = ${mine.id}`;
    expect(held).toEqual({ storage_used: 4 });
  });

  it('tries content again that failed before', async () => {
    const { body } = await upload(form(['Same', 'a.txt']));
    await database.owner`update documents set status = 'failed', failure = 'crashed' where id = ${body.id}`;
    expect((await upload(form(['Same', 'a.txt']))).body).toEqual({ id: body.id, status: 'queued', duplicate: true });
    expect((await jobs()).length).toBe(2);
  });

  it('tries it again once, no matter who asks for it at once', async () => {
    const { body } = await upload(form(['Same', 'a.txt']));
    await database.owner`update documents set status = 'failed', failure = 'crashed' where id = ${body.id}`;
    const retry = () => app.request(`POST /api/documents/${body.id}/retry`, { as: mine.owner });
    const uploads = [1, 2, 3].map(() => upload(form(['Same', 'a.txt'])));
    await Promise.all([retry(), ...uploads, retry()]);
    for (const answer of await Promise.all(uploads)) {
      expect(answer).toEqual({ status: 202, body: { id: body.id, status: 'queued', duplicate: true } });
    }
    expect([(await jobs()).length, await files()]).toEqual([2, 1]);
  });

  it.each([
    ['after', 1],
    ['before', 0],
  ] as const)(
    'keeps the file when the connection is lost %s the server commits, and takes it again',
    async (moment, made) => {
      const proxy = await openProxy(database.ownerUrl);
      const cuttable = await testApp(
        { name: database.name, ownerUrl: proxy.url },
        { name: 'documents', manifest, module },
        { folder: app.folder },
      );
      const send = () =>
        cuttable.json('POST /api/documents', {
          ...{ as: mine.owner, body: form(['Rent', 'a.txt']), headers: { 'idempotency-key': `lost ${moment}` } },
          duplex: 'half',
        } as object);
      proxy.cutAtCommit(moment, 'insert into "documents"');
      expect((await send()).status).toBe(503);
      expect([(await rows()).length, await files()]).toEqual([made, 1]);
      expect((await send()).status).toBe(202);
      const [row] = await database.owner`select storage_key from documents where organization_id = ${mine.id}`;
      expect([(await jobs()).length, await storage.has(row?.storage_key)]).toEqual([1, true]);
      await cuttable.close();
      await proxy.shut();
    },
  );

  it('never leads to another organization’s document', async () => {
    const first = (await upload(form(['Same', 'a.txt']))).body;
    const other = await testOrganization(database);
    const second = (await upload(form(['Same', 'a.txt']), { as: other.owner })).body;
    expect(second.id).not.toBe(first.id);
  });

  it('does nothing twice under one Idempotency-Key', async () => {
    const headers = { 'idempotency-key': 'upload-1' };
    const first = await upload(form(['Once', 'a.txt']), { headers });
    const again = await upload(form(['Once', 'a.txt']), { headers });
    expect(again).toEqual(first);
    expect([(await rows()).length, await files(), (await jobs()).length]).toEqual([1, 1, 1]);
  });

  it('refuses another file of the same size under a used Idempotency-Key', async () => {
    const headers = { 'idempotency-key': 'upload-2' };
    await upload(form(['Once', 'a.txt']), { headers });
    const other = await upload(form(['Else', 'a.txt']), { headers });
    expect([other.status, other.body.type]).toEqual([422, 'urn:pandect:problem:idempotency-mismatch']);
    expect([(await rows()).length, await files()]).toEqual([1, 1]);
  });

  it('refuses an endless Idempotency-Key', async () => {
    const { status, body } = await upload(form(['Once', 'a.txt']), { headers: { 'idempotency-key': 'x'.repeat(201) } });
    expect([status, body.type]).toEqual([400, 'urn:pandect:problem:invalid-request']);
    await expectNothingLeft();
  });

  it('is not there for a viewer', async () => {
    const { status, body } = await upload(form(['Content', 'a.txt']), { as: await mine.addMember('viewer') });
    expect([status, body.type]).toEqual([404, 'urn:pandect:problem:not-found']);
    await expectNothingLeft();
  });

  it.each<[string, File[], number, string]>([
    ['an empty file', [['', 'a.txt']], 400, 'empty-file'],
    ['no file', [], 400, 'malformed-multipart'],
    [
      'two files',
      [
        ['One', 'a.txt'],
        ['Two', 'b.txt'],
      ],
      400,
      'malformed-multipart',
    ],
    ['a kind that cannot be read', [['MZ\0\0', 'setup.exe']], 415, 'unsupported-document'],
    ['a PDF that is none', [['Just words', 'a.pdf']], 415, 'unsupported-document'],
    ['a DOCX that is none', [['%PDF-1.7', 'a.docx']], 415, 'unsupported-document'],
    ['bytes that are called text', [[Buffer.from([0, 1, 2, 3, 0, 255, 254, 0]), 'a.txt']], 415, 'unsupported-document'],
    ['a name without an ending and no type', [['Words', 'contract']], 415, 'unsupported-document'],
  ])('refuses %s and keeps nothing', async (_, given, status, type) => {
    const answer = await upload(form(...given));
    expect([answer.status, answer.body.type]).toEqual([status, `urn:pandect:problem:${type}`]);
    await expectNothingLeft();
  });

  it('refuses a file in another field and keeps nothing', async () => {
    const data = new FormData();
    data.append('attachment', new Blob(['Words']), 'a.txt');
    expect((await upload(data)).body.type).toBe('urn:pandect:problem:malformed-multipart');
    await expectNothingLeft();
  });

  it.each([
    ['in the middle of the file', ''],
    ['before the last boundary', '\r\n'],
    ['within the last boundary', '\r\n------bou'],
  ])('keeps nothing of a form that breaks off %s', async (_, end) => {
    const { status, body } = await uploadRaw('a.txt', 'Half of the words', end);
    expect([status, body.type]).toEqual([400, 'urn:pandect:problem:malformed-multipart']);
    await expectNothingLeft();
  });

  it('keeps nothing of an upload whose client leaves', async () => {
    const { body, headers } = raw('a.txt', 'x'.repeat(100_000), '');
    const controller = new AbortController();
    const stream = new ReadableStream({
      pull(source) {
        source.enqueue(new TextEncoder().encode(body));
        setTimeout(() => {
          controller.abort();
          source.error(new Error('gone'));
        }, 20);
        return new Promise(() => {});
      },
    });
    const options = { as: mine.owner, body: stream, headers, signal: controller.signal, duplex: 'half' };
    const response = await app.request('POST /api/documents', options as object);
    expect(response.status).toBe(400);
    await expectNothingLeft();
  });

  it.each([
    ['multipart/form-data', 415],
    ['multipart/form-data; boundary=', 400],
    ['multipart/mixed; boundary=x', 415],
    ['application/json', 415],
  ])('refuses a body of the type "%s"', async (type, status) => {
    const answer = await upload('words', { headers: { 'content-type': type, 'content-length': '5' } });
    expect(answer.status).toBe(status);
    await expectNothingLeft();
  });

  it('refuses a file larger than the plan allows, in megabytes, and keeps nothing', async () => {
    mine = await testOrganization(database, { tier: 'demo' });
    const { status, body } = await upload(form([Buffer.alloc(5 * 1024 ** 2 + 1, 'x'), 'a.txt']), {
      headers: { 'accept-language': 'ru' },
    });
    expect([status, body.detail]).toEqual([413, 'Ваш тариф допускает файлы не больше 5 МБ']);
    await expectNothingLeft();
  });

  it('refuses more documents than the plan allows, and keeps nothing of the one too many', async () => {
    mine = await testOrganization(database, { tier: 'demo' });
    const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => upload(form([`Document ${n}`, `${n}.txt`]))));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([202, 202, 202, 202, 202, 403, 403, 403]);
    expect(answers.find(({ status }) => status === 403)?.body).toMatchObject({
      type: 'urn:pandect:problem:plan-limit-reached',
      limit: 5,
    });
    expect([(await rows()).length, await files(), (await jobs()).length]).toEqual([5, 5, 5]);
    const told = await database.owner`
      select kind, reference from notifications where organization_id = ${mine.id} order by reference desc`;
    expect([...told]).toEqual([
      { kind: 'limit-near', reference: 'documents/5/80' },
      { kind: 'limit-reached', reference: 'documents/5/100' },
    ]);
  });

  it('keeps nothing when the database refuses the row', async () => {
    await database.owner`alter table documents add constraint never check (file_name <> 'never.txt')`;
    const { status } = await upload(form(['Words', 'never.txt']));
    await database.owner`alter table documents drop constraint never`;
    expect(status).toBe(500);
    await expectNothingLeft();
    expect(JSON.stringify(app.log)).not.toContain('never.txt');
  });
});
