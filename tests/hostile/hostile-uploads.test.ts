import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Account, createAccount, type Document, form } from '../support/http/client.ts';
import { expectProblem } from '../support/http/problems.ts';
import { tus } from '../support/http/resumable.ts';
import { linesWith } from '../support/logs.ts';
import { sharedPlatform } from '../support/shared-platform.ts';

const platform = await sharedPlatform();
const samples = process.env.PANDECT_SAMPLES_DIR;

let account: Account;
beforeAll(async () => {
  account = await createAccount(platform);
});

describe('uploads', () => {
  const pdf = '%PDF-1.7\n1 0 obj\n<< /Type /Catalog';
  const files: [string, string, string | Uint8Array<ArrayBuffer>][] = [
    ['an empty file', 'empty.txt', ''],
    ['a kind that is not read', 'program.exe', 'MZ'],
    ['a program that is named like a text', 'program.txt', new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 0, 0, 1, 0, 0])],
    ['a PDF that is none', 'none.pdf', 'This is no PDF at all.'],
    ['an archive that is no DOCX', 'none.docx', 'PK\u0003\u0004 and nothing'],
    ['a PDF that breaks off', 'half.pdf', pdf],
    ['a PDF that is named like a text', 'really.txt', pdf],
  ];

  it.each(files)('of %s are refused, or end as failed with a reason', async (_, name, content) => {
    const response = await account.send('POST /api/documents', { body: form(name, content) });
    if (response.status !== 202) {
      await expectProblem(response, 400, 415);
      return;
    }
    const { id } = (await response.json()) as Document;
    const last = (await account.follow(id)).at(-1);
    expect(last).toMatchObject({
      status: 'failed',
      failure: { code: expect.stringMatching(/^(damaged|wrong-content|no-text)$/) },
    });
    expect(last?.failure?.message).toBeTruthy();
  });

  it.each([
    ['no file field', '--x\r\nContent-Disposition: form-data; name="other"\r\n\r\ntext\r\n--x--\r\n'],
    ['no end', '--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\ntext'],
    [
      'another boundary',
      '--y\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\ntext\r\n--y--\r\n',
    ],
    [
      'two files',
      '--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\na\r\n--x\r\nContent-Disposition: form-data; name="file"; filename="b.txt"\r\n\r\nb\r\n--x--\r\n',
    ],
    ['no content', ''],
    [
      'endless headers',
      `--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\nX: ${'y'.repeat(200_000)}`,
    ],
  ])('of a form with %s are refused', async (_, body) => {
    const headers = { 'content-type': 'multipart/form-data; boundary=x' };
    await expectProblem(account.send('POST /api/documents', { body, headers }), 400, 415);
  });

  it('of another content type, or with a boundary that is none, are refused', async () => {
    for (const type of [
      'application/json',
      'text/plain',
      'multipart/form-data',
      'multipart/form-data; boundary=',
      'multipart/mixed; boundary=x',
    ]) {
      await expectProblem(
        account.send('POST /api/documents', { body: 'x', headers: { 'content-type': type } }),
        400,
        415,
      );
    }
  });

  it('are never stored under the name that they came with', async () => {
    const names = samples ? await hostileNames(samples) : ownNames;
    if (!samples) process.stdout.write(`PANDECT_SAMPLES_DIR is not set: ${names.length} hostile names of our own\n`);
    for (const [index, name] of names.entries()) {
      const response = await account.send('POST /api/documents', rawForm(name, `Text ${index} under a hostile name.`));
      await expectTame(name, response);
      await expectTame(name, await sendAtOnce(name, `Piece ${index} under a hostile name.`));
    }
  });

  it('that are new versions are never stored under the name that they came with either', async () => {
    for (const [index, name] of ownNames.entries()) {
      const id = await account.add('current.txt', `Text ${index} as it is.`);
      const form = rawForm(name, `Text ${index} as it shall be.`);
      await expectTame(name, await account.send(`POST /api/documents/${id}/versions`, form));
    }
  });

  it.each([
    ['a name that is no Base64', 'filename ***'],
    ['a name twice', 'filename YQ==,filename Yg=='],
    ['no words at all', ', ,'],
    ['a name that is no text', 'filename /////w=='],
    ['a name of an object’s own', '__proto__ YQ==,constructor YQ==,filename YS50eHQ='],
    ['a version of what is none', 'filename YS50eHQ=,replaces JyBvciB0cnVl'],
    ['very many words', Array.from({ length: 500 }, (_, index) => `k${index} YQ==`).join(',')],
  ])('in pieces with %s are refused, or are nothing but a name', async (_, metadata) => {
    const response = await account.send('POST /api/uploads', {
      headers: { ...tus, 'upload-length': '5', 'upload-metadata': metadata },
    });
    if (response.status !== 201) return expectProblem(response, 400);
    const path = response.headers.get('location') as '/';
    const { fileName } = await account.get<{ fileName: string }>(`GET ${path}`);
    expect(fileName).not.toMatch(leadsElsewhere);
    expect((await account.send(`HEAD ${path}`, { headers: tus })).status).toBe(200);
    expect((await account.send(`DELETE ${path}`, { headers: tus })).status).toBe(204);
  });

  /** What was accepted has a name that is only ever shown. */
  async function expectTame(name: string, response: Response): Promise<void> {
    expect(response.status, `${name} ${await response.clone().text()}`).toBeLessThan(500);
    if (response.status >= 300) return expectProblem(response, 400, 415);
    const id = response.headers.get('pandect-document-id') ?? ((await response.json()) as Document).id;
    const { fileName } = await account.get<Document>(`GET /api/documents/${id}`);
    expect(fileName, name).not.toMatch(leadsElsewhere);
    const content = await account.send(`GET /api/documents/${id}/content`);
    expect(content.headers.get('content-disposition')).toMatch(
      /^attachment; filename="[^"\\%\P{ASCII}\p{Cc}]*"; filename\*=UTF-8''[\w.!~%-]*$/u,
    );
    await content.arrayBuffer();
    expect((await account.send(`DELETE /api/documents/${id}`)).status).toBe(204);
  }

  /** A resumable upload whose first piece is all of it. */
  const sendAtOnce = (name: string, text: string) =>
    account.send('POST /api/uploads', {
      body: text,
      headers: {
        ...tus,
        'content-type': 'application/offset+octet-stream',
        'upload-length': String(Buffer.byteLength(text)),
        'upload-metadata': `filename ${Buffer.from(name).toString('base64')},filetype ${Buffer.from('text/plain').toString('base64')}`,
      },
    });
});

describe('afterwards', () => {
  it('the logs tell of no failure of ours', async () => {
    expect(await linesWith(platform, 'Request failed')).toEqual([]);
    expect(await linesWith(platform, 'Job failed')).toEqual([]);
  });
});

async function hostileNames(folder: string): Promise<string[]> {
  const lines = (await readFile(join(folder, 'names.jsonl'), 'utf8')).trim().split('\n');
  return lines.map((line) => (JSON.parse(line) as { name: string }).name);
}

/** A path from the root or through a folder above, or a control character; a slash within a name is a character like others. */
const leadsElsewhere = /^(?:\w:)?[/\\]|(?:^|[/\\])\.{1,2}(?:[/\\]|$)|\p{Cc}/u;

const ownNames = [
  '../../../etc/cron.d/x.txt',
  '..\\..\\x.txt',
  '/etc/x.txt',
  'a\0b.txt',
  '.txt',
  'a"b.txt',
  'a;b`c`$(d).txt',
  '<img src=x>.txt',
  `${'я'.repeat(300)}.txt`,
  '\u202etxt.txt',
];

/** A form whose file name is sent as it is; `FormData` would escape some of it. */
function rawForm(name: string, text: string) {
  const body = Buffer.concat([
    Buffer.from('--x\r\nContent-Disposition: form-data; name="file"; filename="'),
    Buffer.from(name.replaceAll('"', '%22').replaceAll(/[\r\n]/g, ' ')),
    Buffer.from(`"\r\nContent-Type: text/plain\r\n\r\n${text}\r\n--x--\r\n`),
  ]);
  return { body, headers: { 'content-type': 'multipart/form-data; boundary=x' } };
}
