import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { ProcessRow } from '../../platform/supervisor/control/contract.ts';
import { type CheckoutCopy, copyCheckout } from '../support/checkout-copy.ts';
import { type Account, createAccount, type Document, form } from '../support/http/client.ts';
import { type StreamedFile, streamForm } from '../support/http/multipart.ts';
import { sendResumable } from '../support/http/resumable.ts';
import { linesWith } from '../support/logs.ts';
import { pandect, pandectJson, startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { memoryOf } from '../support/processes.ts';
import { until } from '../support/until.ts';

const MB = 1024 * 1024;

// One of its own: it counts all files that are stored.
let copy: CheckoutCopy;
let platform: TestPlatform;
let account: Account;
beforeAll(async () => {
  copy = await copyCheckout({ units: ['auth', 'documents', 'ingest', 'maintenance', 'notify', 'organization'] });
  // Files of deleted documents are removed at once.
  platform = await startTestPlatform({ root: copy.root, env: { BACKUP_GRACE_DAYS: '0' } });
  account = await createAccount(platform);
});
afterAll(async () => {
  await platform?.stop();
  await copy?.remove();
});

describe('large uploads', () => {
  it.each([true, false])('takes 100 MB in flat memory (length announced: %s)', async (announced) => {
    const { value: rows } = await pandectJson<ProcessRow[]>(platform, 'ps');
    const pid = rows.find(({ name }) => name === 'documents')?.pid as number;
    const before = await memoryOf(pid);
    let most = before;
    const onPiece = async (sent: number) => {
      if (sent % (2 * MB) < MB / 4) most = Math.max(most, await memoryOf(pid));
    };
    const response = await sendFile({
      name: 'large.txt',
      bytes: 100 * MB,
      start: `${announced}\n`,
      announced,
      onPiece,
    });
    most = Math.max(most, await memoryOf(pid));
    expect(response.status, await response.clone().text()).toBe(202);
    const grown = (most - before) / MB;
    process.stdout.write(
      `100 MB upload: documents process ${Math.round(before / MB)} MB, at most ${grown.toFixed(1)} MB more\n`,
    );
    expect(grown).toBeLessThan(60);
    const { id } = (await response.json()) as Document;
    expect(await account.get(`GET /api/documents/${id}`)).toMatchObject({ bytes: 100 * MB, fileName: 'large.txt' });
    // More text than is ever read: it ends in a state that says so.
    expect((await account.follow(id)).at(-1)).toMatchObject({ status: 'failed', failure: { code: 'too-large' } });
    await removeDocument(id);
  });

  it.each([
    { bytes: 100 * MB + 1, announced: true, type: 'file-too-large' },
    { bytes: 100 * MB + 1, announced: false, type: 'file-too-large' },
    { bytes: 102 * MB, announced: true, type: 'payload-too-large' },
    { bytes: 120 * MB, announced: true, type: 'payload-too-large' },
  ])(
    'refuses $bytes bytes (length announced: $announced) as $type and keeps nothing',
    async ({ bytes, announced, type }) => {
      const files = await storedFiles();
      const response = await sendFile({ name: 'larger.txt', bytes, announced });
      expect([response.status, await response.json()]).toMatchObject([413, { type: `urn:pandect:problem:${type}` }]);
      expect(await storedFiles()).toEqual(files);
      expect(await names()).not.toContain('larger.txt');
    },
  );

  it('refuses files above the size of the plan', async () => {
    const demo = await createAccount(platform, { tier: 'demo' });
    const { body, headers } = streamForm({ name: 'six.txt', bytes: 6 * MB });
    const response = await demo.send('POST /api/documents', { body, headers });
    expect([response.status, await response.json()]).toMatchObject([413, { limit: 5 }]);
  });
});

describe('resumable uploads', () => {
  const line = 'The parties agree that this line says nothing of importance at all.\n';
  const content = (start: string, bytes: number) => Buffer.alloc(bytes, line).fill(start, 0, start.length);
  const documentsPid = async () => {
    const { value: rows } = await pandectJson<ProcessRow[]>(platform, 'ps');
    return rows.find(({ name }) => name === 'documents')?.pid as number;
  };

  it('take 100 MB in flat memory', async () => {
    const pid = await documentsPid();
    const before = await memoryOf(pid);
    let most = before;
    const looking = setInterval(async () => {
      most = Math.max(most, await memoryOf(pid));
    }, 100);
    onTestFinished(() => clearInterval(looking));
    const { documentId } = await sendResumable(account, 'in-pieces.txt', content('In pieces', 100 * MB), platform);
    const grown = (most - before) / MB;
    process.stdout.write(
      `100 MB resumable upload: documents process ${Math.round(before / MB)} MB, at most ${grown.toFixed(1)} MB more\n`,
    );
    expect(grown).toBeLessThan(60);
    expect(await account.get(`GET /api/documents/${documentId}`)).toMatchObject({ bytes: 100 * MB });
    await account.follow(documentId as string);
    await removeDocument(documentId as string);
  });

  it('go on in the next process of the function', async () => {
    // Reading it takes most of the time.
    const file = content('Broken off', 3 * MB);
    const options = { url: platform.url, chunkSize: MB };
    const stopped = await sendResumable(account, 'broken-off.txt', file, {
      ...options,
      onPiece: async (sent) => (sent >= MB ? 'stop' : undefined),
    });
    expect(stopped.documentId).toBeUndefined();
    const before = await documentsPid();
    expect((await pandect(platform, 'restart', 'documents')).status).toBe(0);
    expect(await documentsPid()).not.toBe(before);
    const offsets: number[] = [];
    const { documentId } = await sendResumable(account, 'broken-off.txt', file, {
      ...options,
      uploadUrl: stopped.url,
      onPiece: async (sent) => void offsets.push(sent),
    });
    expect(offsets[0]).toBeGreaterThanOrEqual(MB);
    const response = await account.send(`GET /api/documents/${documentId}/content`);
    expect(Buffer.from(await response.arrayBuffer()).equals(file)).toBe(true);
    await account.follow(documentId as string);
    await removeDocument(documentId as string);
  });

  it('above the size of the plan are refused before anything is sent', async () => {
    const demo = await createAccount(platform, { tier: 'demo' });
    await expect(sendResumable(demo, 'six.txt', content('Six', 6 * MB), platform)).rejects.toThrow(/file-too-large/);
  });
});

describe('uploads that do not end', () => {
  it.each([true, false])(
    'leaves neither row nor file when the client goes half-way (length announced: %s)',
    async (announced) => {
      const files = await storedFiles();
      const leaving = new AbortController();
      let started = false;
      const onPiece = async (sent: number) => {
        if (sent < 5 * MB) return;
        started ||= (await storedFiles()).length > files.length;
        if (sent > 10 * MB) leaving.abort();
      };
      await expect(
        sendFile({ name: 'half.txt', bytes: 20 * MB, announced, onPiece }, leaving.signal),
      ).rejects.toThrow();
      expect(started, 'a part of the file was there').toBe(true);
      await until('the part to go', async () => ((await storedFiles()).length === files.length ? true : undefined));
      expect(await storedFiles()).toEqual(files);
      expect(await names()).not.toContain('half.txt');
      expect(await linesWith(platform, '"Request failed"')).toEqual([]);
    },
  );
});

describe('uploads at the same time', () => {
  it('makes one document of the same content', async () => {
    const before = (await storedFiles()).length;
    const accepted = await Promise.all(
      Array.from({ length: 8 }, (_, index) => account.upload(`same-${index}.txt`, 'One and the same text.')),
    );
    const ids = new Set(accepted.map(({ id }) => id));
    expect(ids.size).toBe(1);
    await account.follow([...ids][0] as string);
    expect((await names()).filter((name) => name.startsWith('same-'))).toHaveLength(1);
    expect((await storedFiles()).length).toBe(before + 1);
  });

  it('makes one document of one request that is sent twice under one key', async () => {
    const [first, second] = await Promise.all([upload('key-1'), upload('key-1')]);
    const later = await upload('key-1');
    const done = [first, second].filter(({ status }) => status === 202);
    expect(done.length).toBeGreaterThan(0);
    for (const { body } of done) expect(body).toEqual(later.body);

    async function upload(key: string) {
      const options = { body: form('keyed.txt', 'Sent under a key.'), headers: { 'idempotency-key': key } };
      const response = await account.send('POST /api/documents', options);
      return { status: response.status, body: await response.json() };
    }
  });

  it('reads a backlog without pauses between the documents', async () => {
    // Were each worker to wait for the next look at the queue, this would outlast the test.
    await Promise.all(
      Array.from({ length: 40 }, (_, index) => account.add(`backlog-${index}.txt`, `Article ${index}.`)),
    );
  });
});

function sendFile(file: StreamedFile, signal: AbortSignal = AbortSignal.timeout(120_000)): Promise<Response> {
  const { body, headers } = streamForm(file);
  return account.send('POST /api/documents', { body, headers, signal });
}

const names = async () =>
  (await account.get<{ items: Document[] }>('GET /api/documents?limit=100')).items.map(({ fileName }) => fileName);

async function storedFiles(): Promise<string[]> {
  const found = await readdir(join(platform.home, 'files'), { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

async function removeDocument(id: string): Promise<void> {
  const before = (await storedFiles()).length;
  expect((await account.send(`DELETE /api/documents/${id}`)).status).toBe(204);
  await until('the file to go', async () => ((await storedFiles()).length === before - 1 ? true : undefined));
}
