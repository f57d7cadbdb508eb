import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loginNames } from '../../db/logins.ts';
import { nextCredentials, readCredentials, writeCredentials } from './credentials.ts';

const folder = await mkdtemp(join(tmpdir(), 'pandect-test-'));
afterAll(() => rm(folder, { recursive: true }));

describe('readCredentials', () => {
  it('makes a password for each login, keeps them, and lets only their owner read them', async () => {
    const path = join(folder, 'logins.json');
    const made = await readCredentials(path, loginNames);
    expect(Object.keys(made.passwords)).toEqual(loginNames);
    expect(new Set(Object.values(made.passwords)).size).toBe(loginNames.length);
    for (const password of Object.values(made.passwords)) expect(password).toMatch(/^[\w-]{32}$/);
    expect(await readCredentials(path, loginNames)).toEqual(made);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('reads files from before there were rotations, and adds the passwords of new logins', async () => {
    const path = join(folder, 'older.json');
    await writeFile(path, JSON.stringify({ tenant: 'kept' }));
    expect(await readCredentials(path, loginNames)).toEqual({
      rotation: 0,
      passwords: expect.objectContaining({ tenant: 'kept', identity: expect.any(String) }),
    });
    expect(JSON.parse(await readFile(path, 'utf8')).tenant).toBe('kept');
  });

  it('keeps how far a rotation is, also where a login was added since it began', async () => {
    const path = join(folder, 'rotating.json');
    const first = await readCredentials(path, ['one']);
    const next = nextCredentials(first);
    expect(next).toEqual({ rotation: 1, passwords: { one: expect.any(String) }, previous: first.passwords });
    expect(next.passwords.one).not.toBe(first.passwords.one);
    await writeCredentials(path, next);
    expect(await readCredentials(path, ['one'])).toEqual(next);
    const { passwords, ...rest } = await readCredentials(path, ['one', 'two']);
    expect(passwords).toEqual({ ...next.passwords, two: expect.any(String) });
    expect(rest).toEqual({ rotation: 1, previous: first.passwords });
  });
});
