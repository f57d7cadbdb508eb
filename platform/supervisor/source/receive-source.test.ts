import { readdir, readFile, readlink, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { receiveSource } from './receive-source.ts';
import { archiveOf, filesWith, requestFor, testSources } from './source.fixture.ts';
import { readSourceRecord } from './source-record.ts';
import { writeTar } from './tar.ts';

let test: Awaited<ReturnType<typeof testSources>>;
beforeEach(async () => {
  test = await testSources();
});
afterEach(() => test.remove());

async function* inParts(archive: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < archive.length; at += 100) yield archive.subarray(at, at + 100);
}
const receive = (archive: Buffer) =>
  receiveSource(inParts(archive), {
    sources: join(test.place, 'sources'),
    current: test.checkout,
    checkout: test.checkout,
  });
const push = async (changes: Record<string, string | undefined>) => receive(await archiveOf(filesWith(changes)));

describe('a source that arrives', () => {
  it('is kept whole, with the packages of the platform and a note of where it came from', async () => {
    const { folder, request, files, changed } = await push({ 'functions/ask/app.ts': 'export const answer = 2;' });
    expect({ units: request.units, files, changed }).toEqual({
      units: ['ask'],
      files: 6,
      changed: ['functions/ask/app.ts'],
    });
    expect(await readFile(join(folder, 'functions/ask/app.ts'), 'utf8')).toContain('2');
    expect(await readlink(join(folder, 'node_modules'))).toBe(join(test.checkout, 'node_modules'));
    const record = JSON.parse(await readFile(join(folder, '.source.json'), 'utf8'));
    expect(record).toMatchObject({ from: 'push', by: 'anna', revision: '1a2b3c4d5e', units: ['ask'] });
  });

  it('keeps the times of files that are as before, so that a start builds only what changed', async () => {
    const { folder } = await push({ 'functions/ask/app.ts': 'export const answer = 2;' });
    const times = async (path: string) =>
      Promise.all([folder, test.checkout].map(async (root) => Math.round((await stat(join(root, path))).mtimeMs)));
    const [pushed, before] = await times('platform/runtime/boot.ts');
    expect(pushed).toBe(before);
  });

  it('is known again by its content', async () => {
    const [first, second, other] = [await push({}), await push({}), await push({ 'modules/a.ts': '' })];
    expect(second.folder).toBe(first.folder);
    expect(other.folder).not.toBe(first.folder);
  });

  it('remembers all units that were deployed from it, so that an undo returns them together', async () => {
    const pushUnits = async (...units: string[]) => {
      const { folder } = await receive(await archiveOf(filesWith(), requestFor({ units })));
      return (await readSourceRecord(folder))?.units;
    };
    expect(await pushUnits('ask')).toEqual(['ask']);
    expect(await pushUnits('search', 'ask')).toEqual(['ask', 'search']);
    expect(await pushUnits()).toEqual([]);
    expect(await pushUnits('ask')).toEqual([]);
  });
});

describe('a source is refused, and leaves nothing', () => {
  const refuses = async (archive: Buffer, message: string) => {
    await expect(receive(archive)).rejects.toThrow(message);
    expect(await readdir(join(test.place, 'sources'))).toEqual([]);
  };

  it.each([
    ['../outside.ts', 'this path is not allowed'],
    ['/etc/passwd', 'this path is not allowed'],
    ['functions/../../outside.ts', 'this path is not allowed'],
    ['functions//ask.ts', 'this path is not allowed'],
    ['functions/a\nb.ts', 'this path is not allowed'],
    ['node_modules/zod/index.js', 'no part of a source'],
    ['platform/node_modules/zod/index.js', 'no part of a source'],
    ['.source.json', 'no part of a source'],
    ['docs/readme.md', 'no part of a source'],
    ['functions/ask/.env', 'it may hold a secret'],
    ['modules/keys/jwt-private.pem', 'it may hold a secret'],
  ])('for the path %j', async (path, message) => {
    await refuses(await archiveOf(filesWith({ [path]: 'content' })), message);
    expect(test.has('outside.ts')).toBe(false);
  });

  it('for a link', async () => {
    const link = Buffer.concat(
      await Array.fromAsync(writeTar([{ path: 'functions/link', contents: Buffer.alloc(0) }])),
    );
    link.write('2', 156);
    link.write('/etc/passwd', 157);
    // The checksum of the header counts its own field as blanks.
    link.write('        ', 148);
    const sum = link.subarray(0, 512).reduce((total, byte) => total + byte, 0);
    link.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    const files = Buffer.concat(await Array.fromAsync(writeTar([await requestFile(), ...filesWith()])));
    await refuses(gzipSync(Buffer.concat([files.subarray(0, -1024), link])), 'links, folders and devices');
  });

  it('twice the same path', async () => {
    await refuses(await archiveOf([...filesWith(), ...filesWith().slice(0, 1)]), 'EEXIST');
  });

  it('where the packages differ, in words', async () => {
    await refuses(
      await archiveOf(filesWith({ 'package-lock.json': '{"lockfileVersion":3,"packages":{}}' })),
      'package-lock.json differs from that of this platform, which has no other packages: it needs a new image',
    );
  });

  it('where the database would have to change', async () => {
    const changes = { 'db/migrations/0001_more.sql': 'create table more ();' };
    await refuses(await archiveOf(filesWith(changes)), 'db/migrations differs from that of this platform');
  });

  it('where a part is missing', async () => {
    await refuses(await archiveOf(filesWith({ 'tsconfig.json': undefined })), '"tsconfig.json" is missing');
  });

  it('when it is cut off, no archive, or of another format', async () => {
    const whole = await archiveOf(filesWith());
    await refuses(whole.subarray(0, whole.length / 2), 'unexpected end of file');
    await refuses(Buffer.from('no archive'), 'incorrect header check');
    await refuses(Buffer.alloc(0), 'unexpected end of file');
    await refuses(gzipSync(Buffer.concat(await Array.fromAsync(writeTar(filesWith())))), 'is it of pandect push?');
    const later = { format: 2, units: [] } as never;
    await refuses(await archiveOf(filesWith(), later), 'is it of another version?');
  });

  it('when it grows beyond what is allowed', async () => {
    await refuses(await archiveOf(filesWith({ 'modules/big.ts': ' '.repeat(9 * 1024 ** 2) })), 'at most 8388608');
  });
});

async function requestFile() {
  return { path: 'push.json', contents: Buffer.from('{"format":1,"units":[]}') };
}
