import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { collectFiles } from './collect-files.ts';

let root: string;
const git = (...args: string[]) => execFileSync('git', ['-C', root, ...args], { stdio: 'ignore' });
const write = async (path: string, text = '') => {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
};
const paths = async () => (await collectFiles(root)).map(({ path }) => path);

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'pandect-test-push-'));
  git('init', '-q');
  await write('.gitignore', '.env\nbuilt/\n');
  await write('functions/ask/app.ts', 'one');
  await write('functions/ask/app.test.ts');
  await write('docs/readme.md');
  git('add', '.');
});
afterEach(() => rm(root, { recursive: true }));

it('takes what git tracks or would, as it is now, and no tests or documents', async () => {
  await write('functions/ask/app.ts', 'two');
  await write('functions/new/app.ts');
  await write('functions/ask/.env', 'KEY=1');
  expect(await paths()).toEqual(['functions/ask/app.ts', 'functions/new/app.ts']);
  expect((await collectFiles(root))[0]?.contents.toString()).toBe('two');
});

it('leaves out what was removed', async () => {
  await rm(join(root, 'functions/ask/app.ts'));
  expect(await paths()).toEqual([]);
});

it.each(['.env', '.env.production', 'tls.key', 'private.pem', 'id_ed25519', '.npmrc'])(
  'refuses %s where git does not ignore it',
  async (name) => {
    await write('.gitignore', '');
    await write(`modules/${name}`, 'x');
    await expect(paths()).rejects.toThrow(`Push: "modules/${name}": may hold a secret`);
  },
);

it('refuses a private key whatever it is called, and a link', async () => {
  await write('modules/a.ts', '-----BEGIN RSA PRIVATE KEY-----\nMII');
  await expect(paths()).rejects.toThrow('"modules/a.ts": holds a private key');
  await rm(join(root, 'modules/a.ts'));
  await symlink('/etc/passwd', join(root, 'modules/link.ts'));
  await expect(paths()).rejects.toThrow('"modules/link.ts": is a link');
});

it('says where there is no checkout of git', async () => {
  await rm(join(root, '.git'), { recursive: true });
  await expect(paths()).rejects.toThrow('is no checkout of git');
});
