import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '../../kernel/log.ts';
import { temporaryHome } from '../../services/temporary-home.ts';
import { type SiteContent, testSite, testSiteManifest, writeTestSite } from '../../testing/site.ts';
import type { ChangeEvent, Report } from '../control/contract.ts';
import { openJournal } from '../home/journal.ts';
import { buildSite } from './build-site.ts';
import type { ManagedSite } from './managed-site.ts';
import { Sites } from './sites.ts';

type Changes = Partial<typeof testSiteManifest>;
const log = createLog({ level: 'silent', isReadable: false, fields: {} });

/** A checkout with nothing but a site in it, and a home to deploy it in. */
export async function openTestSites() {
  const folder = await mkdtemp(join(tmpdir(), 'pandect-test-'));
  const root = join(folder, 'checkout');
  await mkdir(root);
  for (const place of [folder, root]) await chmod(place, 0o755);
  const home = await temporaryHome();
  const { user, ids, run, releases } = home.home;
  const journal = await openJournal(join(home.home.root, 'journal.json'));
  const shown: (string | undefined)[] = [];
  const printed: string[] = [];
  const make = (changes: Changes): Sites =>
    new Sites([testSite(root, changes)], {
      ...{ root, journal, log, folders: home.home, node: process.execPath, build: buildSite },
      // Any that is not root.
      userOf: async () => user && ids && { uid: ids.redis, gid: ids.redis, groups: [user.gid] },
      onSwitched: async (release) => void shown.push(release),
    });
  let sites = make({});
  const site = () => sites.find('web') as ManagedSite;
  const collect = async (change: (report: Report) => Promise<boolean>) => {
    const events: ChangeEvent[] = [];
    return { ok: await change((event) => void events.push(event)), events, last: events.at(-1) as ChangeEvent };
  };
  const test = {
    ...{ folder, root, home: home.home, shown, printed, site, collect },
    /** What the checkout holds, with the manifest, which a deploy reads again. */
    async write(content: SiteContent, changes: Changes = {}) {
      await writeTestSite(root, content);
      const kernel = join(import.meta.dirname, '../../kernel/manifest.ts');
      const manifest = JSON.stringify({ ...testSiteManifest, ...changes });
      const text = `import { defineSite } from '${kernel}';\nexport default defineSite(${manifest});\n`;
      await writeFile(join(root, 'web/site.ts'), text);
    },
    /** Adds lines to the build. */
    async extendBuild(lines: string) {
      const path = join(root, 'web/build.mjs');
      await writeFile(path, `${await readFile(path, 'utf8')}\n${lines}\n`);
    },
    /** As a supervisor that starts and finds this manifest. */
    start(changes: Changes = {}) {
      sites = make(changes);
      return sites.start({ restore: false }, (line) => void printed.push(line));
    },
    deploy: (options = {}) => collect((report) => sites.deploy(site(), options, report)),
    rollback: (to?: string) => collect((report) => sites.rollback(site(), to, {}, report)),
    preview: (release?: string) => collect((report) => sites.preview(site(), release, report)),
    endPreview: (release?: string) => collect((report) => sites.endPreview(site(), release, report)),
    current: () => site().published.current(),
    /** What the edge would serve. */
    served: (path: string) => readFile(join(run, 'web', path)),
    page: async () => (await test.served('current/index.html')).toString(),
    assets: () => readdir(join(run, 'web/assets')).catch((): string[] => []),
    releases: () => readdir(join(releases, 'web')).catch((): string[] => []),
    async close() {
      await home.remove();
      await rm(folder, { recursive: true, force: true });
    },
  };
  await test.write({ text: 'one' });
  return test;
}

export type TestSites = Awaited<ReturnType<typeof openTestSites>>;
