import type { ChangeOptions, Report } from '../control/contract.ts';
import { changeSite, createManagedSite, type ManagedSite, type SiteTools } from './managed-site.ts';
import { deploySite, deploySiteIfPossible } from './operations/deploy.ts';
import { endSitePreview, previewSite } from './operations/preview.ts';
import { rollbackSite } from './operations/rollback.ts';
import { startSite } from './operations/start.ts';
import { readSite, type Site } from './site.ts';

/** All sites of a platform. */
export class Sites {
  readonly all: readonly ManagedSite[];

  constructor(declared: readonly Site[], tools: SiteTools) {
    this.all = declared.map((site) => createManagedSite(site, tools));
  }

  find = (name: string): ManagedSite | undefined => this.all.find((managed) => managed.name === name);

  /** Serves what was served last or what the checkout holds; never throws. */
  async start(options: { restore: boolean }, progress: (line: string) => void): Promise<void> {
    const report: Report = ({ unit, step, ms, release, message = '', log = '' }) => {
      if (step === 'fallback' || step === 'failed') progress(`  ${message}\n${log}`.trimEnd());
      if (step === 'done' && release !== undefined) progress(`  ${unit} ready (${ms} ms)`);
    };
    for (const managed of this.all) await changeSite(managed, report, (change) => startSite(change, options));
  }

  /** @param all everything is deployed, and what this host cannot build stays as it is */
  deploy(
    managed: ManagedSite,
    options: ChangeOptions & { all?: boolean | undefined },
    report: Report,
  ): Promise<boolean> {
    const operation = options.all ? deploySiteIfPossible : deploySite;
    return changeSite(managed, report, async (change) => operation(change, await fresh(managed), options));
  }

  rollback = (managed: ManagedSite, to: string | undefined, options: ChangeOptions, report: Report): Promise<boolean> =>
    changeSite(managed, report, (change) => rollbackSite(change, to, options));

  preview = (managed: ManagedSite, release: string | undefined, report: Report): Promise<boolean> =>
    changeSite(managed, report, async (change) => previewSite(change, release, await fresh(managed)));

  endPreview = (managed: ManagedSite, release: string | undefined, report: Report): Promise<boolean> =>
    changeSite(managed, report, (change) => endSitePreview(change, release));

  /** Resolves when no change is under way. */
  async stop(): Promise<void> {
    await Promise.all(this.all.map(({ lock }) => lock.released()));
  }
}

async function fresh({ name, tools }: ManagedSite): Promise<Site> {
  const site = await readSite(tools.root, name);
  if (!site) throw new Error(`Find site "${name}": its folder is gone`);
  return site;
}
