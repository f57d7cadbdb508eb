import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeComposeSecrets } from './compose-secrets.ts';

let parent: string;
let folder: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'pandect-test-secrets-'));
  folder = join(parent, 'secrets');
});
afterEach(() => rm(parent, { recursive: true }));

const read = async (name: string) => (await readFile(join(folder, name), 'utf8')).trim();
const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

it('makes passwords, and URLs with them, that containers can read and others on the host cannot', async () => {
  const made = await makeComposeSecrets(folder);
  expect([...made, 'own'].toSorted()).toEqual((await readdir(folder)).toSorted());
  expect(await read('postgres_password')).toMatch(/^[0-9a-f]{48}$/);
  expect(await read('database_url')).toBe(
    `postgres://pandect:${await read('postgres_password')}@postgres:5432/pandect`,
  );
  expect(await read('redis_url')).toBe(`redis://:${await read('redis_password')}@redis:6379`);
  expect(await modeOf(folder)).toBe('700');
  expect(await modeOf(join(folder, 'postgres_password'))).toBe('644');
});

it('leaves what is there, and takes it into the URLs', async () => {
  await makeComposeSecrets(folder);
  await writeFile(join(folder, 'redis_password'), 'mine\n');
  await rm(join(folder, 'redis_url'));
  expect(await makeComposeSecrets(folder)).toEqual(['redis_url']);
  expect(await read('redis_url')).toBe('redis://:mine@redis:6379');
  for (const name of ['redis_password', 'postgres_password']) await writeFile(join(folder, name), 'a/b@c%#\n');
  for (const name of ['redis_url', 'database_url']) await rm(join(folder, name));
  await makeComposeSecrets(folder);
  expect(decodeURIComponent(new URL(await read('redis_url')).password)).toBe('a/b@c%#');
  expect(await read('database_url')).toBe('postgres://pandect:a%2Fb%40c%25%23@postgres:5432/pandect');
});
