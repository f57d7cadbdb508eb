import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import * as documents from '../../functions/documents/app.ts';
import manifest from '../../functions/documents/function.ts';
import { type TestOrganization, testOrganization } from '../../modules/testing/organization.ts';
import { testApp } from '../../platform/testing/app.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import { type Client, createClient } from '../client.ts';
import { serveOnLoopback } from '../testing/loopback.ts';
import type { Upload, UploadState } from './upload.ts';

const database = await testDatabase();
const app = await testApp(database, { name: 'documents', manifest, module: documents });
/** What stands before the function: undefined lets a request through. */
let fault: (request: Request) => Response | undefined | Promise<Response | undefined> = () => undefined;
const server = await serveOnLoopback(async (request) => (await fault(request)) ?? app.fetch(request));
afterAll(async () => {
  await server.close();
  await app.close();
  await database.close();
});

let mine: TestOrganization;
let client: Client;
beforeEach(async () => {
  mine = await testOrganization(database);
  client = createClient({ baseUrl: server.url, apiKey: mine.owner.token });
  fault = () => undefined;
  server.asked.length = 0;
});

const KB = 1024;
/** A file of five pieces takes five requests. */
const begin = (file: File) => client.upload(file, { pieceBytes: 64 * KB });
/** Holds back the third piece, so that there is time to disturb it. */
const holdThirdPiece = () => {
  fault = async ({ method }) => {
    if (method === 'PATCH' && asked('PATCH') === 3) await new Promise((resolve) => setTimeout(resolve, 500));
    return undefined;
  };
};
const atThirdPiece = () => expect.poll(() => asked('PATCH'), { timeout: 20_000, interval: 5 }).toBe(3);
const fileOf = (bytes: number, name = 'Устав.txt') =>
  new File([`Article 1. ${randomBytes(8).toString('hex')}\n`.padEnd(bytes, 'x')], name, { type: 'text/plain' });
const hashOf = async (content: Blob | Response) =>
  createHash('sha256')
    .update(Buffer.from(await content.arrayBuffer()))
    .digest('hex');
const asked = (method: string) => server.asked.filter((call) => call.startsWith(method)).length;
const until = (upload: Upload, test: (upload: Upload) => boolean) =>
  new Promise<void>((resolve) => {
    const look = () => test(upload) && resolve();
    upload.subscribe(look);
    look();
  });
const statesOf = (upload: Upload) => {
  const states: UploadState[] = [upload.status.state];
  upload.subscribe(() => {
    if (states.at(-1) !== upload.status.state) states.push(upload.status.state);
  });
  return states;
};
const expectStored = async (upload: Upload, file: File) => {
  const { documentId } = await upload.done;
  const { data } = await client.api.GET('/api/documents/{id}', { params: { path: { id: documentId } } });
  expect([data.fileName, data.bytes]).toEqual([file.name, file.size]);
  expect(await hashOf(await client.fetch(`/api/documents/${documentId}/content`))).toBe(await hashOf(file));
};

describe('upload', () => {
  it('sends a file in pieces and names the document', async () => {
    const file = fileOf(320 * KB);
    const upload = begin(file);
    const states = statesOf(upload);
    const sent: number[] = [];
    upload.subscribe(() => sent.push(upload.status.sentBytes));
    await expectStored(upload, file);
    expect(states).toEqual(['sending', 'done']);
    expect(sent.toSorted((a, b) => a - b)).toEqual(sent);
    expect([sent.at(-1), upload.status.document?.duplicate, asked('PATCH')]).toEqual([file.size, false, 5]);
  });

  it('says that the content was there already, and as which document', async () => {
    const file = fileOf(1000);
    const first = await begin(file).done;
    expect(await client.upload(file, { name: 'Копия.txt' }).done).toEqual({ ...first, duplicate: true });
  });

  it('is paused and continues where it was', async () => {
    holdThirdPiece();
    const file = fileOf(320 * KB);
    const upload = begin(file);
    await atThirdPiece();
    upload.pause();
    const [paused, calls] = [upload.status.sentBytes, server.asked.length];
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect([upload.status.state, upload.status.sentBytes]).toEqual(['paused', paused]);
    expect(server.asked.length).toBeLessThanOrEqual(calls + 1);
    upload.resume();
    await expectStored(upload, file);
    expect(asked('POST')).toBe(1);
  });

  it('waits for a person before its first byte when it is told to', async () => {
    const upload = client.upload(fileOf(1000), { paused: true });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect([upload.status.state, server.asked]).toEqual(['paused', []]);
    upload.resume();
    await upload.done;
  });

  it('continues after a lost connection without sending again what is there', async () => {
    holdThirdPiece();
    const file = fileOf(320 * KB);
    const upload = begin(file);
    const states = statesOf(upload);
    await atThirdPiece();
    server.cut();
    await expectStored(upload, file);
    expect([states, asked('POST'), asked('HEAD')]).toEqual([['sending', 'lost', 'sending', 'done'], 1, 1]);
  });

  it.each(['POST', 'PATCH', 'HEAD'])('continues when %s is answered by a server that restarts', async (method) => {
    const file = fileOf(320 * KB);
    let failures = 2;
    fault = (request) => {
      const cut = request.method === 'PATCH' && method === 'HEAD' && asked('PATCH') === 2 && asked('HEAD') === 0;
      if (!cut && (request.method !== method || failures === 0)) return undefined;
      if (!cut) failures -= 1;
      return new Response('<h1>Bad gateway</h1>', { status: 502 });
    };
    const upload = begin(file);
    await expectStored(upload, file);
    expect([failures, asked('POST')]).toEqual([0, method === 'POST' ? 3 : 1]);
  });

  it('waits as long as the server asks', async () => {
    let isBusy = true;
    fault = ({ method }) => {
      if (method !== 'PATCH' || !isBusy) return undefined;
      isBusy = false;
      const problem = { type: 'urn:pandect:problem:rate-limited', title: 'Too many', status: 429, detail: '' };
      return Response.json(problem, { status: 429, headers: { 'retry-after': '1' } });
    };
    const upload = client.upload(fileOf(1000));
    await until(upload, ({ status }) => status.state === 'lost');
    expect(upload.status).toMatchObject({ retryInMs: 1000, error: { problem: { status: 429 } } });
    await upload.done;
  });

  it('begins again by itself when the server no longer has it', async () => {
    holdThirdPiece();
    const file = fileOf(320 * KB);
    const upload = begin(file);
    await atThirdPiece();
    upload.pause();
    let isGone = true;
    fault = ({ method }) => {
      if (method === 'POST') isGone = false;
      return isGone ? new Response(null, { status: 404 }) : undefined;
    };
    upload.resume();
    await expectStored(upload, file);
    expect(asked('POST')).toBe(2);
  });

  it('begins again when it goes while it is sent', async () => {
    const file = fileOf(320 * KB);
    let isGone = false;
    fault = ({ method }) => {
      if (method === 'PATCH' && asked('PATCH') === 2) isGone = true;
      if (method === 'POST') isGone = false;
      return isGone ? new Response(null, { status: 410 }) : undefined;
    };
    await expectStored(begin(file), file);
    expect(asked('POST')).toBe(2);
  });

  it('learns of the document when the answer to the last piece is lost', async () => {
    const file = fileOf(1000);
    fault = async (request) => {
      if (request.method !== 'PATCH' || asked('PATCH') > 1) return undefined;
      await app.fetch(request);
      server.cut();
      return undefined;
    };
    const upload = begin(file);
    await expectStored(upload, file);
    expect([asked('POST'), asked('PATCH')]).toEqual([1, 1]);
  });

  it('fails with the reason of the server, and tries again when it is told to', async () => {
    const file = new File([], 'empty.txt');
    const upload = begin(file);
    await expect(upload.done).rejects.toMatchObject({ problem: { type: 'urn:pandect:problem:empty-file' } });
    expect(upload.status).toMatchObject({ state: 'failed', error: { problem: { status: 400 } } });
    upload.resume();
    expect(upload.status.state).toBe('sending');
    await expect(upload.done).rejects.toMatchObject({ problem: { type: 'urn:pandect:problem:empty-file' } });
  });

  it('fails when the file is no longer on the device', async () => {
    const file = fileOf(1000);
    const gone = () => Promise.reject(new DOMException('gone', 'NotReadableError'));
    Object.assign(file, { slice: () => ({ arrayBuffer: gone }) });
    await expect(client.upload(file).done).rejects.toThrow('The file cannot be read');
  });

  it('is given up on the server as well when it is cancelled', async () => {
    holdThirdPiece();
    const upload = begin(fileOf(320 * KB));
    await atThirdPiece();
    upload.cancel();
    await expect(upload.done).rejects.toMatchObject({ name: 'AbortError' });
    await expect.poll(() => asked('DELETE')).toBe(1);
    expect(upload.status.state).toBe('cancelled');
    upload.resume();
    expect(upload.status.state).toBe('cancelled');
  });

  it('becomes a new version of a document', async () => {
    const first = await client.upload(fileOf(1000)).done;
    await database.owner`update documents set status = 'ready' where id = ${first.documentId}`;
    const { documentId } = await client.upload(fileOf(1001), { replaces: first.documentId }).done;
    const { data } = await client.api.GET('/api/documents/{id}', { params: { path: { id: documentId } } });
    expect([data.replaces, data.version]).toEqual([first.documentId, 2]);
  });

  it('continues with another token when one ends in the middle', async () => {
    let good = 0;
    const tokens = [mine.owner.token, 'h.e.s'];
    const page = createClient({
      baseUrl: server.url,
      tokens: { read: () => 'refresh', write: () => {} },
      async fetch(input, init) {
        const request = new Request(input, init);
        if (!request.url.endsWith('/api/auth/refresh')) return fetch(request);
        good += 1;
        return Response.json({ accessToken: tokens[good % 2], refreshToken: 'refresh', expiresIn: 1800 });
      },
    });
    good = 0;
    const file = fileOf(1000);
    const { documentId } = await page.upload(file).done;
    expect([documentId, good, asked('POST')]).toEqual([expect.any(String), 2, 2]);
  });
});
