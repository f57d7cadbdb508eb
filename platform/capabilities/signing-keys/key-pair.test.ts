import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ensureKeyPair, publicKeySet, readPrivateKey, readPublicKey } from './key-pair.ts';

const folder = await mkdtemp(join(tmpdir(), 'pandect-test-'));
afterAll(() => rm(folder, { recursive: true }));
const privatePath = join(folder, 'keys', 'private.pem');
const publicPath = join(folder, 'keys', 'public.pem');
await ensureKeyPair(privatePath, publicPath);
const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

describe('ensureKeyPair', () => {
  it('makes a private key that only its owner may read', async () => {
    expect(await modeOf(privatePath)).toBe('600');
    expect(await modeOf(publicPath)).toBe('644');
    expect(await readdir(join(folder, 'keys'))).toEqual(['private.pem', 'public.pem']);
  });

  it('leaves an existing pair alone', async () => {
    const before = await readFile(privatePath, 'utf8');
    await ensureKeyPair(privatePath, publicPath);
    expect(await readFile(privatePath, 'utf8')).toBe(before);
  });
});

describe('half a pair', () => {
  it('is completed where the private key is there, which stays as it is', async () => {
    const before = await Promise.all([privatePath, publicPath].map((path) => readFile(path, 'utf8')));
    await rm(publicPath);
    await ensureKeyPair(privatePath, publicPath);
    expect(await Promise.all([privatePath, publicPath].map((path) => readFile(path, 'utf8')))).toEqual(before);
  });

  it('is refused where the private key is missing', async () => {
    const missing = join(folder, 'keys', 'lost.pem');
    await expect(ensureKeyPair(missing, publicPath)).rejects.toThrow(/"[^"]*lost.pem" is missing: restore it/);
    await expect(readFile(missing)).rejects.toThrow('ENOENT');
  });
});

describe('publicKeySet', () => {
  it('shows the public half only', async () => {
    const { keys } = await publicKeySet(await readPublicKey(publicPath));
    expect(keys.map((key) => Object.keys(key).sort())).toEqual([['alg', 'e', 'kid', 'kty', 'n', 'use']]);
    expect(keys[0]).toMatchObject({ kty: 'RSA', alg: 'RS256', use: 'sig' });
  });
});

describe('readPrivateKey', () => {
  it('rejects a file that holds no key', async () => {
    const path = join(folder, 'empty.pem');
    await writeFile(path, '');
    await expect(readPrivateKey(path)).rejects.toThrow();
    await expect(readPrivateKey(join(folder, 'missing.pem'))).rejects.toThrow('ENOENT');
  });
});
