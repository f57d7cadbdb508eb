import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { ensureSecretKeys } from './secret-keys.ts';
import { type TemporaryHome, temporaryHome } from './temporary-home.ts';

const homes: TemporaryHome[] = [];
afterEach(async () => {
  for (const home of homes.splice(0)) await home.remove();
});
const variables = [{ name: 'OTHER' }, { name: 'A_KEY_PATH', path: { secretKey: 'a.key' } }];
const make = async () => {
  const place = await temporaryHome();
  homes.push(place);
  return place.home;
};

it('makes a key once, which its owner alone may read, or the units that are given it', async () => {
  const home = await make();
  await ensureSecretKeys(home, variables, {});
  const path = join(home.keys, 'a.key');
  const text = await readFile(path, 'utf8');
  expect(Buffer.from(text, 'base64url')).toHaveLength(32);
  const { mode, gid } = await stat(path);
  if (home.ids) expect({ mode: mode & 0o777, gid }).toEqual({ mode: 0o640, gid: home.ids.secrets });
  else expect(mode & 0o777).toBe(0o600);
  await ensureSecretKeys(home, variables, {});
  expect(await readFile(path, 'utf8')).toBe(text);
});

it('keeps the one that the operator has', async () => {
  const home = await make();
  const path = join(home.root, 'own.key');
  await writeFile(path, 'theirs', { mode: 0o600 });
  await ensureSecretKeys(home, variables, { A_KEY_PATH: path });
  expect(await readFile(path, 'utf8')).toBe('theirs');
});
