import { existsSync } from 'node:fs';
import { stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testSite } from '../../testing/site.ts';
import { createSiteBuilder } from './site-builder.ts';
import { openTestSites, type TestSites } from './sites.fixture.ts';

let test: TestSites;
beforeEach(async () => {
  test = await openTestSites();
});
afterEach(() => test.close());

describe('a site', () => {
  it('is built at the first start, with each compressed form next to its file', async () => {
    await test.start();
    const release = await test.current();
    expect(await test.page()).toContain(`<meta name="release" content="${release}"`);
    expect(test.shown).toEqual([release]);
    const [main] = (await test.assets()).filter((name) => /^main-.+\.js$/.test(name));
    const plain = await test.served(`assets/${main}`);
    expect(brotliDecompressSync(await test.served(`assets/${main}.br`))).toEqual(plain);
    expect(zstdDecompressSync(await test.served(`assets/${main}.zst`))).toEqual(plain);
    expect(gunzipSync(await test.served(`assets/${main}.gz`))).toEqual(plain);
    expect(existsSync(join(test.home.run, 'web/current/robots.txt.br')), 'too short to gain').toBe(false);
    expect(test.printed).toEqual([expect.stringMatching(/^ {2}web ready \(\d+ ms\)$/)]);
  });

  it('is not built again where its files are as they were', async () => {
    await test.start();
    const before = await test.current();
    await test.start({ build: ['false'] });
    expect(await test.current()).toBe(before);
    expect(test.site().record.history).toHaveLength(1);
  });

  it('is built again where one was added', async () => {
    await test.start();
    await writeFile(join(test.root, 'web/new.ts'), '');
    await test.start({ build: ['false'] });
    expect(test.printed.at(-1)).toContain('is served instead');
  });

  it('serves the page that says so while nothing is built, and starts all the same', async () => {
    await test.write({ text: 'one', fails: 3 });
    await test.start();
    expect(await test.current()).toBeUndefined();
    expect(await test.page()).toContain('./scripts/pandect deploy web');
    expect(test.printed.join('\n')).toContain('"node web/build.mjs" ended with exit status 3');
    expect(test.printed.join('\n')).toContain('web/main.js:1: cannot be built');
    await test.write({ text: 'one' });
    expect((await test.deploy()).last).toMatchObject({ step: 'done' });
    expect(await test.page()).not.toContain('pandect deploy');
  });

  it('says which package is missing, and takes what came with the checkout in place of a build', async () => {
    await test.start({ packages: ['no-such-bundler'] });
    expect(test.printed.join('\n')).toContain('package "no-such-bundler": not installed');

    await test.write({ text: 'one' }, { packages: ['no-such-bundler'] });
    expect((await test.deploy({ all: true })).last).toMatchObject({ step: 'unchanged' });
    expect((await test.deploy()).last).toMatchObject({ step: 'failed' });

    const shipped = await createSiteBuilder()(testSite(test.root), {
      ...{ root: test.root, releases: join(test.root, 'built'), work: join(test.root, '.work') },
      ...{ node: process.execPath, user: undefined },
    });
    await test.start();
    expect(await test.current()).toBe(shipped.id);
    expect((await test.deploy()).last).toMatchObject({ step: 'unchanged', release: shipped.id });
  });

  it('keeps the assets of both releases, and shares those that are the same', async () => {
    await test.start();
    const before = await test.assets();
    await test.write({ text: 'two' });
    expect((await test.deploy({ by: 'olga' })).events.map(({ step }) => step)).toEqual(['build', 'switch', 'done']);
    const after = await test.assets();
    expect(after).toEqual(expect.arrayContaining(before));
    expect(after.filter((name) => name.endsWith('.css'))).toHaveLength(1);
    const [style] = after.filter((name) => name.endsWith('.css'));
    expect((await stat(join(test.home.run, 'web/assets', style as string))).nlink).toBeGreaterThan(1);
    expect(test.site().record.history).toMatchObject([{ action: 'deploy' }, { action: 'deploy', by: 'olga' }]);
  });

  it('rolls back without a build, and the next start keeps that', async () => {
    await test.start();
    const first = await test.current();
    await test.write({ text: 'two' });
    await test.deploy();
    await test.write({ text: 'three', fails: 1 });
    const { ok, last } = await test.rollback();
    expect([ok, last.release, await test.current()]).toEqual([true, first, first]);
    await test.start();
    expect(await test.current()).toBe(first);
    expect(test.printed.at(-1)).toContain('web: the checkout has changed since; pandect deploy web brings it');
    const none = await test.rollback('abc');
    expect(none.last.message).toBe('Roll back "web": release "abc" is not kept');
  });

  it('refuses a change while another is under way, as one that may be tried again, and keeps no log of that', async () => {
    await test.start();
    await test.write({ text: 'two' });
    const [first, second] = await Promise.all([test.deploy(), test.deploy()]);
    expect([first.ok, second.ok]).toEqual([true, false]);
    expect(second.events).toEqual([
      { unit: 'web', step: 'failed', message: 'Change "web": another change is under way', isBusy: true },
    ]);
    expect(existsSync(join(test.home.logs, 'web.log'))).toBe(false);
  });

  it('gives no two releases pages of the same time, by which the edge names them', async () => {
    await test.start();
    const times = new Set([(await stat(join(test.home.run, 'web/current/index.html'))).mtimeMs]);
    for (const text of ['two', 'six']) {
      await test.write({ text });
      await test.deploy();
      const { mtimeMs } = await stat(join(test.home.run, 'web/current/index.html'));
      times.add(Math.floor(mtimeMs / 1000) * 1000);
    }
    expect(times.size).toBe(3);
  });
});

describe('a preview', () => {
  it('has pages that know their address, and goes with its end', async () => {
    await test.start();
    const current = await test.current();
    await test.write({ text: 'two' });
    const { last } = await test.preview();
    expect(last).toMatchObject({ step: 'preview', message: `/_preview/web/${last.release}/` });
    expect(await test.current()).toBe(current);
    const shown = await test.served(`previews/${last.release}/index.html`);
    expect(shown.toString()).toContain(`<meta name="base" content="/_preview/web/${last.release}/">`);
    const [main = ''] = /assets\/main-[\w-]+\.js/.exec(shown.toString()) ?? [];
    expect(existsSync(join(test.home.run, 'web', main))).toBe(true);

    expect((await test.endPreview('none')).last.step).toBe('failed');
    expect((await test.endPreview()).last.step).toBe('done');
    expect(await test.site().published.previews()).toEqual([]);
    expect((await test.preview('none')).last.message).toBe('Preview "web": release "none" is not kept');
  });
});

describe('pruning', () => {
  it('keeps ten releases, those of the last seven days, and the assets of these alone', async () => {
    await test.start();
    const first = await test.current();
    const [old] = (await test.assets()).filter((name) => /^main-.+\.js$/.test(name));
    for (let number = 2; number <= 12; number++) {
      await test.write({ text: `release ${number}` });
      await test.deploy();
    }
    expect(await test.releases(), 'all of them were served within a week').toHaveLength(12);

    const age = (entry: { at: string }, days: number) => ({
      ...entry,
      at: new Date(Date.now() - days * 86_400_000).toISOString(),
    });
    const { record } = test.site();
    test.site().record = {
      ...record,
      history: record.history.map((entry, index) => age(entry, index < 3 ? 9 : 1)),
    } as typeof record;
    await test.write({ text: 'release 13' });
    await test.deploy();
    expect(await test.releases()).not.toContain(first);
    expect((await test.releases()).length).toBe(11);
    expect(await test.assets()).not.toContain(old);
    const { history } = test.site().record;
    expect(
      history[2]?.release && (await test.releases()).includes(history[2].release),
      'served until the fourth came',
    ).toBe(true);
  });

  it('removes what is planted among the assets', async () => {
    await test.start();
    await symlink('/etc/passwd', join(test.home.run, 'web/assets/left.js'));
    await writeFile(join(test.home.run, 'web/assets/of-none-AAAAAAAA.js'), '');
    await test.write({ text: 'two' });
    await test.deploy();
    expect(await test.assets()).not.toContain('of-none-AAAAAAAA.js');
  });
});
