import { existsSync } from 'node:fs';
import { readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { receiveSource } from './receive-source.ts';
import { archiveOf, filesWith, testSources } from './source.fixture.ts';
import { writeSourceRecord } from './source-record.ts';
import { openSources } from './sources.ts';

let test: Awaited<ReturnType<typeof testSources>>;
let said: string[];
beforeEach(async () => {
  test = await testSources();
  said = [];
});
afterEach(() => test.remove());

const open = () => openSources(test.place, test.checkout, (line) => said.push(line));
const push = async (word: string) => {
  const sources = await open();
  const archive = await archiveOf(filesWith({ 'functions/ask/app.ts': word }));
  const places = { sources: sources.folder, current: sources.root, checkout: test.checkout };
  const { id, folder } = await receiveSource([archive].values() as never, places);
  await sources.use(id);
  await sources.prune();
  return folder;
};

it('is the checkout as long as nothing was pushed', async () => {
  const sources = await open();
  expect(sources.root).toBe(test.checkout);
  expect(await sources.before()).toBeUndefined();
  expect(said).toEqual([]);
});

it('is what was pushed last, also after a restart, and says so', async () => {
  const folder = await push('one');
  expect((await open()).root).toBe(folder);
  expect(said.at(-1)).toMatch(
    /^Source: pushed .* UTC by anna, revision 1a2b3c4d5e; pandect push --undo takes it back$/,
  );
});

it('returns push by push to the checkout', async () => {
  const first = await push('one');
  await push('two');
  const sources = await open();
  expect(await sources.before()).toBe(first);
  await sources.back();
  expect(sources.root).toBe(first);
  await sources.back();
  expect(sources.root).toBe(test.checkout);
});

it('keeps three sources and removes what was cut off', async () => {
  for (const word of ['one', 'two', 'three', 'four']) await push(word);
  const sources = await open();
  await writeFile(join(sources.folder, '.draft-1'), '');
  await sources.prune();
  expect((await readdir(sources.folder)).toSorted()).toEqual([...sources.list(), 'current.json'].toSorted());
  expect(sources.list()).toHaveLength(3);
});

it('gives way to a checkout that was changed after it', async () => {
  await push('one');
  const later = new Date(Date.now() + 60_000);
  await utimes(join(test.checkout, 'functions/ask/app.ts'), later, later);
  expect((await open()).root).toBe(test.checkout);
  expect(said.at(-1)).toMatch(/^Source: the platform's own, as it is newer .*; pushed .* is set aside$/);
  expect((await open()).list()).toEqual([]);
});

it('gives way to an image by the time that it was built at, and not by those of its files', async () => {
  const folder = await push('one');
  const later = new Date(Date.now() + 60_000);
  await utimes(join(test.checkout, 'functions/ask/app.ts'), later, later);
  await writeSourceRecord(test.checkout, { from: 'image', at: '2026-01-01T00:00:00.000Z' });
  expect((await open()).root).toBe(folder);
  await writeSourceRecord(test.checkout, { from: 'image', at: later.toISOString() });
  expect((await open()).root).toBe(test.checkout);
});

it('gives way where the packages of a new image are others', async () => {
  await push('one');
  await test.write('package-lock.json', '{"other":true}');
  expect((await open()).root).toBe(test.checkout);
});

it('does without a source whose folder is gone', async () => {
  const first = await push('one');
  await rm(await push('two'), { recursive: true });
  expect((await open()).root).toBe(first);
});

it('refuses to guess when what is written down is not readable', async () => {
  const folder = await push('one');
  await writeFile(join(folder, '../current.json'), '["../../etc"]');
  await expect(open()).rejects.toThrow('not readable; remove it');
  expect(existsSync(folder)).toBe(true);
});

it('does not return past those that are kept to a much older source', async () => {
  for (const word of ['one', 'two', 'three', 'four']) await push(word);
  const sources = await open();
  await sources.back();
  await sources.back();
  await expect(sources.before()).rejects.toThrow(
    /^Undo push: the source before the one pushed .* by anna, revision 1a2b3c4d5e is not kept any more \(the last 3 are\)/,
  );
  await sources.restore([]);
  expect(sources.root).toBe(test.checkout);
});

describe('a source whose record is damaged', () => {
  const damage = (folder: string) => writeFile(join(folder, '.source.json'), '');

  it('keeps its place, and is not built from, nor taken for the one before without a word', async () => {
    const first = await push('one');
    const second = await push('two');
    await damage(second);
    for (let start = 0; start < 2; start += 1) {
      const sources = await open();
      expect(said.at(-1)).toBe(
        `Source: the one in "${second}" is damaged, and what was built from it is served; push it again, or pandect push --undo`,
      );
      expect([sources.damaged, sources.root, await sources.before()]).toEqual([second, first, first]);
    }
    const sources = await open();
    await sources.back();
    expect([sources.damaged, sources.root]).toEqual([undefined, first]);
  });

  it('is whole again when it is pushed again, with its files', async () => {
    const folder = await push('one');
    await damage(folder);
    await writeFile(join(folder, 'functions/ask/app.ts'), '');
    expect(await push('one')).toBe(folder);
    expect(await readFile(join(folder, 'functions/ask/app.ts'), 'utf8')).toBe('one');
    const sources = await open();
    expect([sources.damaged, sources.root]).toEqual([undefined, folder]);
  });

  it('gives its place to the next push', async () => {
    await damage(await push('one'));
    const next = await push('two');
    const sources = await open();
    expect([sources.damaged, sources.list()]).toEqual([undefined, [basename(next)]]);
  });

  it('gives way to an image that was built later', async () => {
    await damage(await push('one'));
    const later = new Date(Date.now() + 60_000).toISOString();
    await writeSourceRecord(test.checkout, { from: 'image', at: later });
    const sources = await open();
    expect([sources.damaged, sources.root, sources.list()]).toEqual([undefined, test.checkout, []]);
    expect(said.at(-1)).toContain('is set aside');
  });

  it('is dropped where a later one is whole', async () => {
    const first = await push('one');
    await damage(await push('two'));
    const sources = await open();
    await sources.back();
    const third = await push('three');
    await damage(first);
    expect((await open()).list()).toEqual([basename(third)]);
  });
});
