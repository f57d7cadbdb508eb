import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChangeEvent, HistoryRow, ProcessRow, ReleaseRow } from '../../platform/supervisor/control/contract.ts';
import { type SiteContent, testSiteManifest, writeTestSite } from '../../platform/testing/site.ts';
import { type CheckoutCopy, copyCheckout } from '../support/checkout-copy.ts';
import { startLoad } from '../support/http/load.ts';
import { pandect, pandectJson, startTestPlatform, type TestPlatform } from '../support/platform.ts';

interface Change {
  ok: boolean;
  addresses?: string[];
  events: ChangeEvent[];
}

let copy: CheckoutCopy;
let platform: TestPlatform;
beforeAll(async () => {
  copy = await copyCheckout({ units: ['health'] });
  await write({ text: 'version 0' });
  platform = await startTestPlatform({ root: copy.root });
});
afterAll(async () => {
  await platform?.stop();
  await copy?.remove();
});

async function write(content: SiteContent): Promise<void> {
  await writeTestSite(copy.root, content);
  const manifest = JSON.stringify(testSiteManifest);
  const kernel = '../platform/kernel/manifest.ts';
  await copy.write('web/site.ts', `import { defineSite } from '${kernel}';\nexport default defineSite(${manifest});\n`);
}
const get = (path: string) => fetch(new URL(path, platform.url), { signal: AbortSignal.timeout(10_000) });
/** A page with the scripts and styles that it names, as a browser that loads it. */
async function loadPage(path: string) {
  const response = await get(path);
  const page = await response.text();
  if (response.status !== 200) throw new Error(`page answered ${response.status}`);
  const assets = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, asset]) => asset as string);
  const [script = ''] = assets.filter((asset) => asset.includes('/main-'));
  const [later = ''] = /\/assets\/later-[\w-]+\.js/.exec(await (await get(script)).text()) ?? [];
  return { page, assets, later };
}
const deploy = () => pandectJson<Change>(platform, 'deploy', 'web');
const release = async () => {
  const { value } = await pandectJson<ProcessRow[]>(platform, 'ps');
  return value.find(({ kind, state }) => kind === 'site' && state === 'serving')?.release;
};
const expectProblem = async (path: string) => {
  const response = await get(path);
  expect([path, response.status, response.headers.get('content-type')]).toEqual([
    path,
    404,
    'application/problem+json',
  ]);
  return response;
};

describe('a site', () => {
  it('is built and served by a start', async () => {
    expect(platform.output()).toMatch(/^ {2}web ready \(\d+ ms\)$/m);
    const { page, assets } = await loadPage('/');
    expect(assets).toHaveLength(2);
    expect(page).toContain(`<meta name="release" content="${await release()}"`);
    const { headers } = await get('/c/12');
    expect(headers.get('content-security-policy')).toContain("require-trusted-types-for 'script'");
    expect(headers.get('cache-control')).toBe('no-cache');
    const api = await get('/api/health');
    expect(api.headers.get('content-security-policy')).toMatch(/^default-src 'none'; sandbox;/);
    expect(api.headers.get('pandect-site')).toBe(await release());
    expect(api.headers.get('pandect-api')).toMatch(/^[0-9a-f]{12}$/);
    expect((await get('/api/docs/')).headers.get('content-security-policy')).toContain(
      "style-src 'self' 'unsafe-inline'",
    );
  });

  it('leaves every unknown address of the platform a problem document', async () => {
    for (const path of ['/api/nothing', '/api', '/.well-known/nothing', '/_preview/web/none/', '/metrics/nothing']) {
      await expectProblem(path);
    }
  });

  it('is deployed under load, and a tab that was open before still loads the rest of its release', async () => {
    const tab = await loadPage('/');
    const load = startLoad([
      { name: 'page', visit: async () => void (await loadPage('/documents/12')) },
      {
        name: 'whole page',
        async visit() {
          const { assets, later } = await loadPage('/');
          for (const asset of [...assets, later]) {
            const response = await get(asset);
            if (response.status !== 200) throw new Error(`${asset} answered ${response.status}`);
            await response.arrayBuffer();
          }
        },
      },
    ]);
    const releases = new Set([await release()]);
    for (let number = 1; number <= 3; number++) {
      await write({ text: `version ${number}` });
      const { status, value } = await deploy();
      expect([status, value.events.map(({ step }) => step)]).toEqual([0, ['build', 'switch', 'done']]);
      releases.add(await release());
    }
    const { requests, failures } = await load.stop();
    expect(failures).toEqual([]);
    expect(requests.page).toBeGreaterThan(5);
    expect(releases.size).toBe(4);

    const late = await get(tab.later);
    expect([late.status, late.headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable']);
    expect(await late.text()).toContain('later version 0');
    expect((await loadPage('/')).later).not.toBe(tab.later);
  });

  it('answers 404 for an asset that no release has, and no browser keeps that', async () => {
    const { headers } = await expectProblem('/assets/main-AAAAAAAA.js');
    expect(headers.get('cache-control')).toBeNull();
  });

  it.each(['br', 'zstd', 'gzip'])('sends what was compressed at the build as %s', async (encoding) => {
    const { assets } = await loadPage('/');
    const response = await fetch(new URL(assets[1] as string, platform.url), {
      headers: { 'accept-encoding': encoding },
    });
    expect(response.headers.get('content-encoding')).toBe(encoding);
    expect(response.headers.get('vary')?.toLowerCase()).toContain('accept-encoding');
    await response.arrayBuffer();
  });

  it('keeps the release before where a build fails or is too large, and its log stays', async () => {
    const before = await release();
    await write({ text: 'broken', fails: 2 });
    const { status, value } = await deploy();
    expect([status, value.ok]).toEqual([1, false]);
    expect(value.events.at(-1)).toMatchObject({ step: 'failed', log: 'web/main.js:1: cannot be built' });
    expect((await pandect(platform, 'logs', 'web')).stdout).toContain('cannot be built');

    await write({ text: 'large', laterBytes: 60_000 });
    expect((await deploy()).value.events.at(-1)?.message).toMatch(
      /assets\/later-[\w-]+\.js: \d+\.\d KB gzip, over 40.0 KB/,
    );
    expect(await release()).toBe(before);
    expect((await loadPage('/')).page).toContain(before);
  });

  it('is rolled back, and its history says so', async () => {
    const before = await release();
    const { status } = await pandect(platform, 'rollback', 'web');
    expect([status, (await release()) === before]).toEqual([0, false]);
    const { value: history } = await pandectJson<HistoryRow[]>(platform, 'history', 'web');
    expect(history.map(({ action }) => action)).toEqual(['rollback', 'deploy', 'deploy', 'deploy', 'deploy']);
    const { value: kept } = await pandectJson<ReleaseRow[]>(platform, 'releases', 'web');
    expect(kept.filter(({ current }) => current).map((row) => row.release)).toEqual([await release()]);
    expect(kept).toHaveLength(4);
  });

  it('has previews at deep addresses of their own, and they end', async () => {
    const current = await release();
    await write({ text: 'version 9' });
    const { value } = await pandectJson<Change>(platform, 'preview', 'web');
    const [address = ''] = value.addresses ?? [];
    const { pathname } = new URL(address);
    const { page, later } = await loadPage(`${pathname}documents/12`);
    expect(page).toContain(`<meta name="base" content="${pathname}">`);
    expect(await (await get(later)).text()).toContain('later version 9');
    expect(await release()).toBe(current);
    expect((await pandect(platform, 'preview', 'web', '--end')).status).toBe(0);
    await expectProblem(`${pathname}documents/12`);
  });

  it.each([
    [['restart', 'web'], 'Restart "web": it is a site, which has no processes'],
    [['scale', 'web', '2'], 'Scale "web": it is a site, which has no processes'],
    [['deploy', 'web', '--canary', '10'], 'Deploy "web" as a canary: it is a site, which has none'],
    [['build', 'wbe'], 'Build "wbe": known are web'],
  ])('refuses %j', async (args, message) => {
    const { status, stderr } = await pandect(platform, ...args);
    expect(status).toBe(1);
    expect(stderr).toContain(message);
  });

  it('is examined by doctor', async () => {
    const { value } = await pandectJson<{ name: string; state: string; detail: string }[]>(platform, 'doctor');
    expect(value.find(({ name }) => name === 'sites')).toMatchObject({
      ...{ state: 'ok', detail: `"web" serves release ${await release()}` },
    });
  });
});

describe('a host that cannot build', () => {
  it('starts, says so at every page, and serves what `pandect build` made elsewhere', async () => {
    await platform.stop();
    const other = await copyCheckout({ units: ['health'] });
    const manifest = JSON.stringify({ ...testSiteManifest, packages: ['no-such-bundler'] });
    const text = `import { defineSite } from '../platform/kernel/manifest.ts';\nexport default defineSite(${manifest});\n`;
    await other.write('web/site.ts', text);
    platform = await startTestPlatform({ root: other.root });
    try {
      expect(platform.output()).toContain('package "no-such-bundler": not installed; run ./scripts/setup');
      const page = await (await get('/c/1')).text();
      expect(page).toContain('<pre>./scripts/pandect deploy web</pre>');
      expect((await get('/api/health')).status).toBe(200);
      const all = await pandectJson<Change>(platform, 'deploy', '--all', '--watch', '0');
      expect(all.value.events.find(({ unit }) => unit === 'web')?.step).toBe('build');
      expect(all.value.ok).toBe(true);

      const built = await pandectJson<{ folder: string }>({ ...platform, root: copy.root }, 'build', 'web');
      expect(built.value.folder.startsWith(join(copy.root, 'built/web/'))).toBe(true);
      await cp(join(copy.root, 'built'), join(other.root, 'built'), { recursive: true });
      expect((await deploy()).value.events.at(-1)).toMatchObject({ step: 'done' });
      expect((await loadPage('/')).page).toContain(await release());
    } finally {
      await other.remove();
    }
  });
});
