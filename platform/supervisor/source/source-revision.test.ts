import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { gitRevision } from './source-revision.ts';

it('counts new files of a source as a change, so that a start does not take it for what was committed', async () => {
  const root = await mkdtemp(join(tmpdir(), 'pandect-test-revision-'));
  try {
    const git = (...args: string[]) => execFileSync('git', ['-C', root, ...args], { stdio: 'ignore' });
    await writeFile(join(root, '.gitignore'), 'built/\n');
    git('init', '-q');
    git('add', '.');
    git('-c', 'user.name=a', '-c', 'user.email=a@example.org', 'commit', '-q', '--message', 'Begin');
    for (const folder of ['functions', 'functions/built', 'docs']) await mkdir(join(root, folder), { recursive: true });
    for (const file of ['docs/a.md', 'functions/built/a.js']) await writeFile(join(root, file), '');
    expect(await gitRevision(root, { counted: ['functions'] })).toMatch(/^[0-9a-f]{10,}$/);
    await writeFile(join(root, 'functions/new.ts'), '');
    expect(await gitRevision(root)).toMatch(/^[0-9a-f]{10,}$/);
    expect(await gitRevision(root, { counted: ['functions', 'workers'] })).toMatch(/^[0-9a-f]{10,}\+$/);
  } finally {
    await rm(root, { recursive: true });
  }
});
