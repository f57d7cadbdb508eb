import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const vitest = join(import.meta.dirname, '../node_modules/vitest/vitest.mjs');
const reporter = join(import.meta.dirname, 'summary-reporter.ts');

describe('the summary of a test run', () => {
  let folder: string;
  beforeEach(async () => {
    // Inside the project, so that the tests in it find vitest.
    folder = await mkdtemp(join(import.meta.dirname, '../node_modules/.summary-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  let printed: string;
  async function summaryOf(files: Record<string, string>, ...options: string[]): Promise<string> {
    for (const [name, body] of Object.entries(files)) {
      await writeFile(join(folder, name), `import { describe, it } from 'vitest';\n${body}`);
    }
    const path = join(folder, 'summary');
    const config = join(folder, 'vitest.config.mjs');
    await writeFile(config, 'export default { test: { include: ["*.check.ts"], exclude: [] } };');
    const args = [vitest, 'run', '--root', folder, '--config', config, `--reporter=${reporter}`, ...options];
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      env: { PATH: process.env.PATH, PANDECT_SUMMARY: path },
      timeout: 20_000,
    }).catch((error: { code?: unknown; stdout: string }) => {
      if (error.code !== 1) throw error;
      return error;
    });
    printed = stdout;
    return (await readFile(path, 'utf8')).trim();
  }

  it('counts tests, whatever groups they stand in', async () => {
    const counted = await summaryOf({
      'a.check.ts': `it('passes', () => {}); describe('group', () => { it('fails', () => { throw new Error('no'); }); });`,
      'b.check.ts': `it.skip('is skipped', () => {}); it.todo('is to come'); it('passes', () => {});`,
    });
    expect(counted).toBe('2 1 2');
  });

  it('counts a file that cannot be loaded as a failure', async () => {
    expect(await summaryOf({ 'a.check.ts': `it('passes', () => {});`, 'b.check.ts': `import './missing.ts';` })).toBe(
      '1 1 0',
    );
  });

  it('counts an error outside of every test as a failure', async () => {
    const counted = await summaryOf({
      'a.check.ts': `it('passes', async () => { setTimeout(() => { throw new Error('late'); }); await new Promise((r) => setTimeout(r, 50)); });`,
    });
    expect(counted).toBe('1 1 0');
  });

  it('names a test that passed only when it was repeated, with its first error and the cause', async () => {
    const body = `let times = 0; it('passes late', () => { if (++times < 2) throw new Error('too early', { cause: new Error('not yet') }); }); it('fails', () => { throw new Error('no'); });`;
    expect(await summaryOf({ 'a.check.ts': body }, '--retry=1')).toBe('1 1 0');
    expect(printed).toBe('Passed only when repeated: a.check.ts > passes late: too early: not yet\n');
    expect(await summaryOf({ 'a.check.ts': body })).toBe('0 2 0');
  });
});
