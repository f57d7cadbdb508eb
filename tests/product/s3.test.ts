import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { countFiles } from '../../platform/capabilities/storage/temporary-folder.fixture.ts';
import { readZip } from '../../platform/testing/read-zip.ts';
import { type S3Server, startS3Server } from '../../platform/testing/s3-server.ts';
import { type CheckoutCopy, copyCheckout } from '../support/checkout-copy.ts';
import { type Account, createAccount, form } from '../support/http/client.ts';
import { sendResumable } from '../support/http/resumable.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { readSample } from '../support/samples.ts';
import { until } from '../support/until.ts';

const units = [
  ...['ask', 'auth', 'documents', 'gateway', 'health', 'images', 'organization'],
  ...['external', 'ingest', 'maintenance', 'notify', 'pictures'],
];

let bucket: S3Server;
let copy: CheckoutCopy;
let platform: TestPlatform;
let account: Account;
beforeAll(async () => {
  bucket = await startS3Server();
  copy = await copyCheckout({ units });
  platform = await startTestPlatform({
    root: copy.root,
    env: {
      ...{ STORAGE: 's3', S3_ENDPOINT: bucket.endpoint, S3_REGION: bucket.region, S3_BUCKET: bucket.bucket },
      ...{ S3_ACCESS_KEY_ID: bucket.accessKeyId, S3_SECRET_ACCESS_KEY: bucket.secretAccessKey },
      ...{ OUTBOUND_WHITELIST: '127.0.0.1', BACKUP_GRACE_DAYS: '0' },
    },
  });
  account = await createAccount(platform);
});
afterAll(async () => {
  await platform?.stop();
  await copy?.remove();
  await bucket?.close();
});

const SAMPLE = 'dogovor-arendy.pdf';

/** Every file goes to the bucket, so none may be left in the folder when nothing is in progress. */
const localFiles = () => countFiles(join(platform.home, 'files'));

it('reads a document that is in the bucket, answers from it, and gives it back whole and in parts', async () => {
  const content = await readSample(SAMPLE);
  const before = await bucket.countObjects();
  const id = await account.add(SAMPLE, content);
  expect(await bucket.countObjects()).toBeGreaterThan(before);
  const { answered, citations } = await account.ask(
    'Какая пеня начисляется, если арендатор просрочит внесение арендной платы?',
  );
  expect([answered, citations[0]?.documentId]).toEqual([true, id]);

  const path = `GET /api/documents/${id}/content` as const;
  expect(Buffer.from(await (await account.send(path)).arrayBuffer()).equals(content)).toBe(true);
  const part = await account.send(path, { headers: { range: 'bytes=100-199' } });
  expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 100-199/${content.length}`]);
  expect(Buffer.from(await part.arrayBuffer()).equals(content.subarray(100, 200))).toBe(true);
  expect(await localFiles()).toBe(0);
});

it('puts pictures into the bucket, and sends browsers there by addresses that are signed', async () => {
  const json = { prompt: 'A lighthouse', width: 64, height: 64 };
  const { id } = await account.get<{ id: string }>('POST /api/images', { json });
  // The stream ends with the generation.
  await (await account.send(`GET /api/images/${id}/events`)).text();
  expect(await account.get(`GET /api/images/${id}`)).toMatchObject({ status: 'done' });
  for (const variant of ['thumb', 'display', 'original']) {
    const answer = await fetch(`${platform.url}/api/images/${id}/pictures/0/${variant}`, {
      headers: { authorization: `Bearer ${account.session.accessToken}` },
      redirect: 'manual',
    });
    const location = answer.headers.get('location') ?? '';
    expect([answer.status, new URL(location).origin]).toEqual([302, bucket.endpoint]);
    // As a browser does, without a token of ours.
    const picture = await fetch(location);
    expect([picture.status, picture.headers.get('content-type')]).toEqual([
      200,
      expect.stringMatching(/^image\/(?:png|webp|jpeg)$/),
    ]);
    expect((await picture.arrayBuffer()).byteLength).toBeGreaterThan(50);
    expect((await fetch(location.replace(/X-Amz-Signature=\w{4}/, 'X-Amz-Signature=0000'))).status).toBe(403);
  }
  expect(await localFiles()).toBe(0);
});

it('keeps files of the gateway in the bucket, results of batches among them', async () => {
  const line = { custom_id: 'one', method: 'POST', url: '/v1/chat/completions' };
  const hello = { model: 'default', messages: [{ role: 'user', content: 'Hello' }] };
  const content = JSON.stringify({ ...line, body: hello });
  const body = form('requests.jsonl', content);
  body.set('purpose', 'batch');
  const { id } = await account.get<{ id: string }>('POST /v1/files', { body });
  expect(await (await account.send(`GET /v1/files/${id}/content`)).text()).toBe(content);
  const part = await account.send(`GET /v1/files/${id}/content`, { headers: { range: 'bytes=0-9' } });
  expect([part.status, await part.text()]).toEqual([206, content.slice(0, 10)]);

  const batch = { input_file_id: id, endpoint: '/v1/chat/completions', completion_window: '24h' };
  const { id: batchId } = await account.get<{ id: string }>('POST /v1/batches', { json: batch });
  const output = await until('the result of the batch', async () => {
    const found = await account.get<{ output_file_id: string | null }>(`GET /v1/batches/${batchId}`);
    return found.output_file_id ?? undefined;
  });
  const result = await (await account.send(`GET /v1/files/${output}/content`)).text();
  expect(JSON.parse(result)).toMatchObject({ custom_id: 'one', response: { status_code: 200 } });
  await account.get(`DELETE /v1/files/${id}`);
});

it('exports what is in the bucket', async () => {
  const response = await account.send('GET /api/organization/export');
  const entries = readZip(Buffer.from(await response.arrayBuffer()));
  const files = [...entries].filter(([name]) => name.startsWith('files/') && name.endsWith('.pdf'));
  expect(files.map(([, content]) => content)).toEqual([await readSample(SAMPLE)]);
});

it('takes a resumable upload to the bucket once it is whole', async () => {
  const content = Buffer.from(`Договор поставки № 77.\n${'Поставщик обязуется передать товар. '.repeat(2_000)}`);
  const { documentId } = await sendResumable(account, 'postavka.txt', content, { url: platform.url });
  expect((await account.follow(`${documentId}`)).at(-1)?.status).toBe('ready');
  const stored = await account.send(`GET /api/documents/${documentId}/content`);
  expect(Buffer.from(await stored.arrayBuffer()).equals(content)).toBe(true);
  // Only what a client is told that asks for the upload once more.
  const folder = join(platform.home, 'files');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const left = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const file of left) expect((await stat(file)).size).toBeLessThan(1_000);
});

it('is answered as unavailable while the bucket is, and again afterwards', async () => {
  const id = await account.add('zaem.txt', 'Договор займа. Срок возврата — один год.');
  const gone = { kind: 'refuse', status: 503, code: 'SlowDown' } as const;
  bucket.fail('GET', ...Array.from({ length: 5 }, () => gone));
  const refused = await account.send(`GET /api/documents/${id}/content`);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '10']);
  expect((await account.send(`GET /api/documents/${id}/content`)).status).toBe(200);
});
