import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { createTokenVerifier } from '../../../modules/people/identity/access-token.ts';
import { createFileIssuer } from '../../../modules/people/identity/file-issuer.ts';
import { replaceFile } from '../../kernel/replace-file.ts';
import { ensureKeyPair, newPrivateKey, publicHalf } from './key-pair.ts';
import { openKeyRing, publicKeysIn } from './key-ring.ts';

const folder = await mkdtemp(join(tmpdir(), 'pandect-test-'));
afterAll(() => rm(folder, { recursive: true }));
const privatePath = join(folder, 'private.pem');
const publicPath = join(folder, 'public.pem');
const caller = { userId: crypto.randomUUID(), organizationId: crypto.randomUUID(), role: 'owner' as const };

/** What processes hold that were started before the rotation. */
const open = async () => {
  const ring = await openKeyRing(publicPath);
  const issuer = await createFileIssuer(privatePath, 60);
  return { ring, issuer, verifier: createTokenVerifier(ring.find) };
};
const kidsOf = async (ring: Awaited<ReturnType<typeof openKeyRing>>) => (await ring.set()).keys.map(({ kid }) => kid);

beforeEach(async () => {
  await Promise.all([privatePath, publicPath].map((path) => rm(path, { force: true })));
  await ensureKeyPair(privatePath, publicPath);
});

/** A second key, added to the public ones. */
async function addKey(): Promise<string> {
  const path = join(folder, 'next.pem');
  await replaceFile(path, await newPrivateKey());
  await replaceFile(publicPath, (await publicHalf(path)) + (await readFile(publicPath, 'utf8')));
  return path;
}

describe('a key that is added while processes run', () => {
  it('is known at its first token, and that of before still is', async () => {
    const { issuer, verifier, ring } = await open();
    const old = await issuer.issue(caller);
    const next = await addKey();
    const fresh = await (await createFileIssuer(next, 60)).issue(caller);
    expect(await verifier.verify(fresh)).toMatchObject(caller);
    expect(await verifier.verify(old)).toMatchObject(caller);
    expect(await kidsOf(ring)).toHaveLength(2);
  });

  it('signs as soon as it takes the place of the private one, within a second', async () => {
    const { issuer, verifier } = await open();
    const kidOf = async () => JSON.parse(atob((await issuer.issue(caller)).split('.')[0] as string)).kid;
    const before = await kidOf();
    await replaceFile(privatePath, await readFile(await addKey(), 'utf8'));
    await expect.poll(kidOf, { timeout: 5_000 }).not.toBe(before);
    expect(await verifier.verify(await issuer.issue(caller))).toMatchObject(caller);
  });
});

describe('a key that is not among the public ones', () => {
  it('makes tokens that are refused, a second after it was dropped at the latest', async () => {
    const { issuer, verifier } = await open();
    await addKey();
    const [added] = publicKeysIn(await readFile(publicPath, 'utf8'));
    await replaceFile(publicPath, added as string);
    const verdict = async () =>
      verifier.verify(await issuer.issue(caller)).then(
        () => 'taken',
        ({ type }) => type,
      );
    await expect.poll(verdict, { timeout: 5_000 }).toBe('unauthenticated');
  });
});

describe('openKeyRing', () => {
  it('refuses a file without a public key', async () => {
    await replaceFile(publicPath, 'nothing');
    await expect(openKeyRing(publicPath)).rejects.toThrow('there is none');
  });
});
