import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loginNames } from '../../db/logins.ts';
import { loginPasswords } from './passwords.ts';

const folder = await mkdtemp(join(tmpdir(), 'pandect-test-'));
afterAll(() => rm(folder, { recursive: true }));

describe('loginPasswords', () => {
  it('makes one for each login, keeps them, and lets nobody else read them', async () => {
    const path = join(folder, 'logins.json');
    const made = await loginPasswords(path);
    expect(Object.keys(made)).toEqual(loginNames);
    expect(new Set(Object.values(made)).size).toBe(loginNames.length);
    for (const password of Object.values(made)) expect(password).toMatch(/^[\w-]{32}$/);
    expect(await loginPasswords(path)).toEqual(made);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('adds those of logins that are new', async () => {
    const path = join(folder, 'older.json');
    await writeFile(path, JSON.stringify({ tenant: 'kept' }));
    expect(await loginPasswords(path)).toMatchObject({ tenant: 'kept', identity: expect.any(String) });
    expect(JSON.parse(await readFile(path, 'utf8')).tenant).toBe('kept');
  });
});
