import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPlain } from './plain-file.ts';

let folder: string;
const at = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pandect-test-'));
  await writeFile(at('text'), 'Rent');
  await writeFile(at('empty'), '');
  await symlink(at('text'), at('link'));
  await symlink(at('missing'), at('broken'));
  execFileSync('mkfifo', [at('pipe')]);
  await mkdir(at('folder'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('readPlain', () => {
  it('reads a file up to the size that is allowed', async () => {
    expect([await readPlain(at('text'), 4), await readPlain(at('empty'), 0)]).toEqual(['Rent', '']);
    await expect(readPlain(at('text'), 3)).rejects.toThrow(/text": more than 3 bytes$/);
    await expect(readPlain(at('missing'), 4)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it.each(['link', 'broken'])('follows no link: %s', async (name) => {
    await expect(readPlain(at(name), 4)).rejects.toMatchObject({ code: 'ELOOP' });
  });

  it.each(['pipe', 'folder'])('waits for nothing that is no file: %s', async (name) => {
    await expect(readPlain(at(name), 4)).rejects.toThrow(/: not a regular file$/);
  });

  it('reads no device', async () => {
    await expect(readPlain('/dev/zero', 4)).rejects.toThrow('not a regular file');
  });
});
