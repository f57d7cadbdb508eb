import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestOrganization, testOrganization } from '../../../modules/testing/organization.ts';
import { createPartialUploads } from '../../../platform/capabilities/storage/index.ts';
import { testApp } from '../../../platform/testing/app.ts';
import { testDatabase } from '../../../platform/testing/database.ts';
import * as module from '../app.ts';
import manifest from '../function.ts';
import { createRequests, encode, tus } from '../resumable/client.fixture.ts';

const database = await testDatabase();
const app = await testApp(database, { name: 'documents', manifest, module });
afterAll(async () => {
  await app.close();
  await database.close();
});

let mine: TestOrganization;
beforeEach(async () => {
  mine = await testOrganization(database);
});
const uploads = createPartialUploads({ directory: join(app.folder, 'files') });
const rows = () => database.owner`select id from documents where organization_id = ${mine.id} order by created_at`;
const { begin, patch } = createRequests(app);
/** Begins one and sends all of it. */
async function sendWhole(content: string, name = 'a.txt'): Promise<{ path: string; answer: Response }> {
  const begun = await begin(mine.owner, Buffer.byteLength(content), { 'upload-metadata': `filename ${encode(name)}` });
  const path = begun.headers.get('location') ?? '';
  return { path, answer: await patch(mine.owner, path, 0, content) };
}

describe('a resumable upload is refused', () => {
  it.each([
    ['a file larger than the plan allows', 5 * 1024 ** 2 + 1, {}, 413, { type: 'file-too-large', limit: 5 }],
    ['an empty file', 0, {}, 400, { type: 'empty-file' }],
    ['a length that is none', Number.NaN, {}, 400, { type: 'invalid-request' }],
    ['a negative length', -1, {}, 400, { type: 'invalid-request' }],
    ['a length that only begins like a number', 1e21, {}, 400, { type: 'invalid-request' }],
    ['no length', 1, { 'upload-length': '', 'upload-defer-length': '1' }, 400, { type: 'invalid-request' }],
    ['what is told without form', 5, { 'upload-metadata': 'filename ~' }, 400, { type: 'invalid-request' }],
    [
      'a version of no document',
      5,
      { 'upload-metadata': `replaces ${encode('1 or true')}` },
      400,
      { type: 'invalid-request' },
    ],
    [
      'a version of a missing one',
      5,
      { 'upload-metadata': `replaces ${encode(crypto.randomUUID())}` },
      404,
      { type: 'not-found' },
    ],
    ['another version of the protocol', 5, { 'tus-resumable': '0.2.2' }, 412, { type: 'unsupported-tus-version' }],
    ['no version of the protocol', 5, { 'tus-resumable': '' }, 412, { type: 'unsupported-tus-version' }],
    ['parts of a whole', 5, { 'upload-concat': 'partial' }, 400, { type: 'invalid-request' }],
  ] as const)('that begins with %s', async (_, length, headers, status, problem) => {
    mine = await testOrganization(database, { tier: 'demo' });
    const answer = await begin(mine.owner, length, headers);
    expect([answer.status, await answer.json()]).toMatchObject([
      status,
      { ...problem, type: `urn:pandect:problem:${problem.type}` },
    ]);
    expect(answer.headers.get('tus-resumable')).toBe('1.0.0');
    expect(await uploads.held(mine.id)).toEqual({ uploads: 0, bytes: 0 });
  });

  it('for whom may not upload', async () => {
    expect((await begin(await mine.addMember('viewer'), 5)).status).toBe(404);
    expect((await app.request('POST /api/uploads', { headers: { ...tus, 'upload-length': '5' } })).status).toBe(401);
  });

  it('when the plan has no room for all that was begun together', async () => {
    mine = await testOrganization(database, { tier: 'demo' });
    const answers = await Promise.all(Array.from({ length: 25 }, () => begin(mine.owner, 5 * 1024 ** 2)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([...Array(20).fill(201), ...Array(5).fill(403)]);
  });

  it('beyond a hundred that are not finished', async () => {
    const answers = await Promise.all(Array.from({ length: 103 }, () => begin(mine.owner, 1)));
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(3);
  });

  it('with a piece at another offset, of another type, or beyond its end', async () => {
    const path = (await begin(mine.owner, 5)).headers.get('location') ?? '';
    const refused = async (answer: Promise<Response>) => {
      const { status, type } = await (await answer).json();
      return [status, type.replace('urn:pandect:problem:', '')];
    };
    expect(await refused(patch(mine.owner, path, 3, 'ds'))).toEqual([409, 'upload-conflict']);
    expect(await refused(patch(mine.owner, path, 0, 'words', { 'content-type': 'application/json' }))).toEqual([
      415,
      'unsupported-media-type',
    ]);
    expect(await refused(patch(mine.owner, path, 0, 'words and more'))).toEqual([400, 'invalid-request']);
    expect(await refused(patch(mine.owner, path, 0, 'words', { 'upload-offset': 'x' }))).toEqual([
      400,
      'invalid-request',
    ]);
    const owner = { organizationId: mine.id, userId: mine.owner.userId };
    expect(await uploads.find(owner, path.slice(-36))).toMatchObject({ offset: 0 });
  });

  it('when its content is not what its name says, and then is gone', async () => {
    const { path, answer } = await sendWhole('MZ\0\0', 'a.pdf');
    expect([answer.status, await answer.json()]).toMatchObject([
      415,
      { type: 'urn:pandect:problem:unsupported-document' },
    ]);
    expect((await app.request(`GET ${path}` as 'GET /', { as: mine.owner })).status).toBe(404);
    expect([...(await rows())]).toEqual([]);
  });

  it('at its end when the plan has become full, and can be finished when there is room again', async () => {
    mine = await testOrganization(database, { tier: 'demo' });
    const path =
      (await begin(mine.owner, 5, { 'upload-metadata': `filename ${encode('a.txt')}` })).headers.get('location') ?? '';
    for (let n = 0; n < 5; n++) await sendWhole(`Document ${n}`);
    expect((await patch(mine.owner, path, 0, 'words')).status).toBe(403);
    await app.request(`DELETE /api/documents/${(await rows())[0]?.id}`, { as: mine.owner });
    const { status, body } = await app.json(`GET ${path}` as 'GET /', { as: mine.owner });
    expect([status, body.documentId]).toEqual([200, (await rows()).at(-1)?.id]);
  });
});

describe('an upload of another', () => {
  it.each(['GET', 'HEAD', 'PATCH', 'DELETE'])('answers %s like one that is nowhere', async (method) => {
    const path = (await begin(mine.owner, 5)).headers.get('location') ?? '';
    const other = await testOrganization(database);
    for (const by of [other.owner, await mine.addMember('admin')]) {
      const answers = await Promise.all(
        [path, `/api/uploads/${crypto.randomUUID()}`].map(async (at) => {
          const answer = await app.request(`${method} ${at}` as 'GET /', {
            as: by,
            headers: { ...tus, 'x-request-id': 'the-same-id' },
          });
          const headers = [...answer.headers].filter(([name]) => name !== 'ratelimit');
          return { status: answer.status, headers, body: await answer.text() };
        }),
      );
      expect(answers[0]?.status).toBe(404);
      expect(answers[0]).toEqual(answers[1]);
    }
    expect((await app.request(`GET ${path}` as 'GET /', { as: mine.owner })).status).toBe(200);
  });
});

describe('OPTIONS', () => {
  it('tells what of the protocol is spoken', async () => {
    const { status, headers } = await app.request('OPTIONS /api/uploads', { as: mine.owner });
    expect([status, headers.get('tus-version'), headers.get('tus-extension')]).toEqual([
      204,
      '1.0.0',
      'creation,creation-with-upload,termination,expiration',
    ]);
    expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});
