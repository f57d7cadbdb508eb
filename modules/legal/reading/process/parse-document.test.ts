import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { childrenRunning, killChildren } from '../../../../platform/testing/kill-children.ts';
import type { DocumentFormat, PageBatch } from '../contract.ts';
import { bundledParser } from '../fixtures/bundled-programs.ts';
import { makeDocx, paragraph } from '../fixtures/make-docx.ts';
import { makePdf } from '../fixtures/make-pdf.ts';
import { createDocumentParser, type DocumentParserOptions } from './parse-document.ts';

const entry = await bundledParser();
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const misbehaving = here('../fixtures/misbehaving-process.ts');
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pandect-parse-'));
});
afterAll(() => rm(folder, { recursive: true }));

let files = 0;
async function put(content: string | Buffer): Promise<string> {
  files += 1;
  const path = join(folder, String(files));
  await writeFile(path, content);
  return path;
}

async function parse(content: string | Buffer, format: DocumentFormat, options: DocumentParserOptions = {}) {
  return createDocumentParser({ entry, ...options }).parse({ path: await put(content), format });
}

async function misbehave(
  how: string,
  options: DocumentParserOptions = {},
  signal?: AbortSignal,
  format: DocumentFormat = 'txt',
) {
  const path = join(folder, how);
  await writeFile(path, how);
  const parser = createDocumentParser({ entry: misbehaving, ...options });
  return parser.parse({ path, format }, signal === undefined ? {} : { signal });
}

const failure = (code: string) => expect.objectContaining({ name: 'ParseFailure', code });

describe('a document', () => {
  it('in PDF has its lines, pages, title and language, and tells how far it is', async () => {
    const pdf = makePdf(
      [
        [
          { text: 'Article 1. Term', down: 80 },
          { text: 'This lease runs', down: 110 },
          { text: 'for five years.', down: 124 },
        ],
        [],
        [{ text: 'Article 2. Rent', down: 80 }],
      ],
      '/Title (Lease)',
    );
    const progress: number[] = [];
    const document = await createDocumentParser({ entry }).parse(
      { path: await put(pdf), format: 'pdf' },
      { onProgress: ({ pagesDone, pagesTotal }) => progress.push(pagesDone / pagesTotal) },
    );
    expect(document).toEqual({
      text: 'Article 1. Term\n\nThis lease runs\nfor five years.\nArticle 2. Rent',
      pageStarts: [0, 48, 49],
      title: 'Lease',
      language: 'en',
      notices: [],
      noticesOmitted: 0,
      recognized: [],
    });
    expect(progress).toEqual([1 / 3, 2 / 3, 1]);
  });

  it('in DOCX has what Word shows with changes accepted, and opens nothing outside', async () => {
    const body =
      '<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>Статья 1. Срок</w:t></w:r></w:p>' +
      '<w:p><w:r><w:t xml:space="preserve">Срок — </w:t></w:r><w:del w:id="1"><w:r><w:delText>пять</w:delText></w:r></w:del>' +
      '<w:ins w:id="2"><w:r><w:t>семь</w:t></w:r></w:ins><w:r><w:t xml:space="preserve"> лет.</w:t></w:r></w:p>' +
      `<w:tbl><w:tr><w:tc>${paragraph('Аванс')}</w:tc><w:tc>${paragraph('10 дней')}</w:tc></w:tr></w:tbl>`;
    const link = {
      name: 'word/_rels/document.xml.rels',
      content:
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="x" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" Target="http://127.0.0.1:9/a.dotx" TargetMode="External"/></Relationships>',
    };
    const core = {
      name: 'docProps/core.xml',
      content: '<cp xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Аренда &amp; наём</dc:title></cp>',
    };
    expect(await parse(makeDocx(body, [link, core]), 'docx')).toEqual({
      text: 'Статья 1. Срок\n\nСрок — семь лет.\n\nАванс | 10 дней',
      pageStarts: [],
      title: 'Аренда & наём',
      language: 'ru',
      notices: [],
      noticesOmitted: 0,
      recognized: [],
    });
  });

  it('in HTML is read in the encoding it names', async () => {
    const html = Buffer.concat([
      Buffer.from('<meta http-equiv="Content-Type" content="text/html; charset=windows-1251"><title>T</title><p>'),
      Buffer.from([0xc4, 0xee, 0xe3, 0xee, 0xe2, 0xee, 0xf0]),
    ]);
    expect(await parse(html, 'html')).toMatchObject({ text: 'Договор', title: 'T', language: 'ru' });
  });

  it('in TXT or Markdown is kept as written, normalized', async () => {
    expect((await parse('Статья 1\r\n\r\nТекст\0', 'txt')).text).toBe('Статья 1\n\nТекст');
    const fromSources = createDocumentParser();
    expect((await fromSources.parse({ path: await put('Статья 1\r\n'), format: 'txt' })).text).toBe('Статья 1');
    expect(await parse('# Notice #\n\nText', 'md')).toMatchObject({ text: 'Notice\n\nText', title: 'Notice' });
  });

  it('larger than one message arrives whole', async () => {
    const text = Array.from({ length: 60_000 }, (_, index) => `Clause ${index} 😀`).join('\n');
    expect((await parse(text, 'txt')).text).toBe(text);
  });
});

describe('pages that were read', () => {
  // No two are alike, as what is printed on each page would be taken away.
  const name = (index: number) => [...String(index)].map((digit) => 'abcdefghij'[Number(digit)]).join('');
  const paper = makePdf(Array.from({ length: 150 }, (_, index) => [{ text: `${name(index)} rent`, down: 80 }]));

  it('are handed over in batches, one after the other, and joined', async () => {
    const batches: { first: number; pages: string[] }[] = [];
    let busy = 0;
    const { text, pageStarts } = await createDocumentParser({ entry }).parse(
      { path: await put(paper), format: 'pdf' },
      {
        async onPages(batch) {
          busy += 1;
          expect(busy).toBe(1);
          await sleep(20);
          batches.push(batch);
          busy -= 1;
        },
      },
    );
    expect(batches.length).toBeGreaterThan(1);
    expect(batches.flatMap(({ pages }) => pages).join('\n')).toBe(text);
    expect(batches.map(({ first }) => first)).toEqual(
      batches.map((_, index) => 1 + batches.slice(0, index).flatMap(({ pages }) => pages).length),
    );
    expect(pageStarts).toHaveLength(150);
  });

  it('are not read again', async () => {
    const batches: { first: number; pages: string[] }[] = [];
    const progress: number[] = [];
    const earlier = Array.from({ length: 148 }, (_, index) => `${name(index)} kept`);
    const { text, pageStarts, notices } = await createDocumentParser({ entry }).parse(
      { path: await put(paper), format: 'pdf' },
      {
        earlier: { pages: earlier, notices: [{ kind: 'picture-not-read', page: 2 }], recognized: [] },
        onPages: async (batch) => void batches.push(batch),
        onProgress: ({ pagesDone }) => progress.push(pagesDone),
      },
    );
    expect(text).toBe([...earlier, 'bei rent', 'bej rent'].join('\n'));
    expect(pageStarts).toHaveLength(150);
    expect(notices).toEqual([{ kind: 'picture-not-read', page: 2 }]);
    expect(batches).toEqual([{ first: 149, pages: ['bei rent', 'bej rent'], notices: [], recognized: [] }]);
    expect(progress).toEqual([149, 150]);
  });

  it('are all that is needed when an earlier attempt has read the last one', async () => {
    const { text } = await createDocumentParser({ entry }).parse(
      { path: await put(makePdf([[{ text: 'x', down: 80 }]])), format: 'pdf' },
      { earlier: { pages: ['Kept'], notices: [], recognized: [] } },
    );
    expect(text).toBe('Kept');
  });

  it('fail the attempt, not the document, when they cannot be kept', async () => {
    const parsing = createDocumentParser({ entry }).parse(
      { path: await put(paper), format: 'pdf' },
      { onPages: () => Promise.reject(new Error('no database')) },
    );
    await expect(parsing).rejects.toThrow('no database');
  });
});

describe('a file that gives no text', () => {
  const ole = (stream: string) =>
    Buffer.concat([Buffer.from([0xd0, 0xcf, 0x11, 0xe0]), Buffer.alloc(600), Buffer.from(stream, 'utf16le')]);
  const bigDocx = makeDocx(paragraph('x'.repeat(100_000)));
  it.each<[string, string, Buffer | string, DocumentFormat, DocumentParserOptions?]>([
    ['no-text', 'is blank', ' \n \n', 'txt'],
    ['no-text', 'is a PDF without a text layer', makePdf([[]]), 'pdf'],
    ['damaged', 'is a cut PDF', makePdf([[{ text: 'x', down: 80 }]]).subarray(0, 100), 'pdf'],
    ['damaged', 'is a cut DOCX', bigDocx.subarray(0, 300), 'docx'],
    ['damaged', 'is a DOCX with broken XML', makeDocx('<w:p>'), 'docx'],
    ['damaged', 'is nested past any sense', '<div>'.repeat(20_000), 'html'],
    ['wrong-content', 'is a ZIP but no DOCX', Buffer.from(`PK\u0005\u0006${'\0'.repeat(18)}`, 'latin1'), 'docx'],
    ['damaged', 'is the beginning of an old Word file', ole('WordDocument'), 'doc'],
    ['encrypted', 'is an encrypted file under an old name', ole('EncryptedPackage'), 'doc'],
    ['wrong-content', 'is no RTF', 'text', 'rtf'],
    [
      'wrong-content',
      'is binary behind the part that was looked at',
      Buffer.concat([Buffer.from('text'), Buffer.alloc(9000, 1)]),
      'txt',
    ],
    ['encrypted', 'is an encrypted DOCX', ole('EncryptedPackage'), 'docx'],
    ['too-large', 'has too many pages', makePdf([[], [], []]), 'pdf', { limits: { pages: 2 } }],
    ['too-large', 'has too much text', 'x'.repeat(1001), 'txt', { limits: { characters: 1000 } }],
    ['too-large', 'unpacks to too much', bigDocx, 'docx', { limits: { unpackedBytes: 50_000 } }],
  ])('fails as %s when it %s', async (code, _, content, format, options) => {
    await expect(parse(content, format, options)).rejects.toEqual(failure(code));
  });

  it('is no failure of the document when it is not there', async () => {
    await expect(
      createDocumentParser({ entry }).parse({ path: join(folder, 'missing'), format: 'txt' }),
    ).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });
});

describe('notices of what was not read', () => {
  it('come with the document, and with the batch of the page that they are about', async () => {
    const path = join(folder, 'notices');
    await writeFile(path, 'notices');
    const batches: PageBatch[] = [];
    const { notices, noticesOmitted } = await createDocumentParser({ entry: misbehaving }).parse(
      { path, format: 'pdf' },
      { onPages: async (batch) => void batches.push(batch) },
    );
    expect(batches).toEqual([
      { first: 1, pages: ['Page'], notices: [{ kind: 'ink-not-read', page: 1 }], recognized: [] },
    ]);
    expect([notices[0], notices.length, noticesOmitted]).toEqual([{ kind: 'ink-not-read', page: 1 }, 1, 5]);
  });

  it('are taken within bounds, however many a process sends', async () => {
    const { notices, noticesOmitted } = await misbehave('chatter', { timeoutMs: 20_000 });
    expect(notices).toHaveLength(100);
    expect(noticesOmitted).toBe(20_000 - 100);
  });
});

describe('a parser process that is killed from outside', () => {
  const pages = Array.from({ length: 30 }, (_, page) => [{ text: `Clause ${page + 1}`, down: 80 }]);
  const whole = pages.map((_, page) => `Clause ${page + 1}`).join('\n');

  it.each<[DocumentFormat, string | Buffer, string]>([
    ['txt', 'The rent is due.', 'The rent is due.'],
    ['pdf', makePdf(pages), whole],
  ])('costs the document nothing, not even when its successor is killed as well: %s', async (format, content, text) => {
    const end = killChildren('parse-process', 2);
    // From the sources, which start slowly enough to be killed before they are done.
    const parser = createDocumentParser();
    const document = await parser.parse({ path: await put(content), format }).finally(() => expect(end()).toBe(2));
    expect(document).toMatchObject({ text, notices: [] });
  });

  it('while it reads pages costs none of them, however often that happens', async () => {
    const killedAt = new Set<number>();
    const batches: PageBatch[] = [];
    const document = await createDocumentParser({ entry }).parse(
      { path: await put(makePdf(pages)), format: 'pdf' },
      {
        onPages: async (batch) => void batches.push(batch),
        onProgress({ pagesDone }) {
          if (pagesDone % 5 !== 0 || killedAt.has(pagesDone)) return;
          killedAt.add(pagesDone);
          for (const pid of childrenRunning('parse-process')) process.kill(pid, 'SIGKILL');
        },
      },
    );
    expect(killedAt.size).toBeGreaterThan(0);
    expect(document).toMatchObject({ text: whole, notices: [] });
    expect(batches.flatMap((batch) => batch.pages).join('\n')).toBe(whole);
  });

  it('fails the document when that happens again and again', async () => {
    const end = killChildren('misbehaving-process', 100);
    // One that never ends by itself, or it could be done before it is killed.
    await expect(misbehave('spin', { timeoutMs: 20_000 })).rejects.toEqual(failure('crashed'));
    expect(end()).toBe(3);
  });
});

describe('a parser process that goes wrong', () => {
  it('is ended when it takes too long', async () => {
    await expect(misbehave('spin', { timeoutMs: 600 })).rejects.toEqual(failure('too-slow'));
  });
  it('is ended when a page takes too long, however many came before', async () => {
    await expect(misbehave('spin', { pageTimeoutMs: 600 }, undefined, 'pdf')).rejects.toEqual(failure('too-slow'));
  });
  it('leaves out a page that takes too long, and notices it', async () => {
    const { text, pageStarts, notices } = await misbehave('stuck', { pageTimeoutMs: 1500 }, undefined, 'pdf');
    expect({ text, pageStarts, notices }).toEqual({
      text: 'First\nThird',
      pageStarts: [0, 5, 6],
      notices: [{ kind: 'page-not-read', page: 2 }],
    });
  });
  it('may take long when pages keep coming, up to how many there may be', async () => {
    const options = { timeoutMs: 3000, pageTimeoutMs: 20_000, limits: { pages: 60 } };
    await expect(misbehave('slowly', options, undefined, 'pdf')).rejects.toEqual(failure('too-large'));
  });
  it('is ended when it sends more pages than allowed', async () => {
    await expect(misbehave('pages', { limits: { pages: 300 } }, undefined, 'pdf')).rejects.toEqual(
      failure('too-large'),
    );
  });
  it('is ended when it takes too much memory outside the heap', async () => {
    await expect(misbehave('hog', { memoryMb: 200 })).rejects.toEqual(failure('crashed'));
  });
  it('fails the document when its heap runs over', async () => {
    await expect(misbehave('heap', { memoryMb: 100 })).rejects.toEqual(failure('crashed'));
  });
  it('fails the document when it ends without an answer', async () => {
    await expect(misbehave('silent')).rejects.toEqual(failure('crashed'));
  });
  it('has read the document though it never ends by itself', async () => {
    expect((await misbehave('lingering', { timeoutMs: 60_000 })).text).toBe('Text');
  });
  it('fails the document at once when it closes its channel without an answer', async () => {
    await expect(misbehave('mute', { timeoutMs: 60_000 })).rejects.toEqual(failure('crashed'));
  });
  it('is ended when it sends more text than allowed', async () => {
    await expect(misbehave('flood', { limits: { characters: 300_000 } })).rejects.toEqual(failure('too-large'));
  });
  it('sees nothing of our environment', async () => {
    vi.stubEnv('PANDECT_TEST_SECRET', 'secret');
    onTestFinished(() => void vi.unstubAllEnvs());
    const { text } = await misbehave('environment');
    expect(Object.keys(JSON.parse(text).environment).filter((name) => !name.startsWith('NODE_CHANNEL_'))).toEqual([]);
  });
  it('is ended when the caller gives up', async () => {
    const abort = new AbortController();
    const parsing = misbehave('spin', {}, abort.signal);
    setTimeout(() => abort.abort(new Error('given up')), 300);
    await expect(parsing).rejects.toThrow('given up');
    await expect(misbehave('spin', {}, abort.signal)).rejects.toThrow('given up');
  });
  it('ends by itself when the process that started it was killed', async () => {
    const path = join(folder, 'spin');
    await writeFile(path, 'spin');
    const worker = spawn(process.execPath, [here('../fixtures/parse-then-wait.ts'), misbehaving, path], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [line] = await once(worker.stdout, 'data');
    const parserPid = Number(line);
    await sleep(300);
    expect(existsSync(`/proc/${parserPid}`)).toBe(true);
    worker.kill('SIGKILL');
    await expect.poll(() => existsSync(`/proc/${parserPid}`), { timeout: 5000 }).toBe(false);
  });
});
