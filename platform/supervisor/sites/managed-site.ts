import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../../kernel/log.ts';
import type { ProcessUser } from '../../services/process-user.ts';
import type { Report } from '../control/contract.ts';
import type { HistoryEntry, Journal, UnitRecord } from '../home/journal.ts';
import type { Release } from '../release/release.ts';
import { listReleases, pruneReleases, releaseOrigin } from '../release/releases.ts';
import { type ChangeOf, makeChange } from '../units/make-change.ts';
import { UnitLock } from '../units/unit-lock.ts';
import { createPublished, type Published } from './publish.ts';
import { BuildFailure } from './run-build.ts';
import type { Site } from './site.ts';
import type { BuildSite } from './site-builder.ts';

/** What operations on sites work with. */
export interface SiteTools {
  /** The checkout. */
  root: string;
  folders: { run: string; releases: string; cache: string; logs: string };
  build: BuildSite;
  /** The Node that builds are run by. */
  node: string;
  /** Whom they run as. */
  userOf(site: string): Promise<ProcessUser | undefined>;
  journal: Journal;
  log: Log;
  /** Called when another release is served, with its id. */
  onSwitched(release: string | undefined): Promise<void>;
}

/** A site under the supervisor's care. Operations change it, one a file in operations/. */
export interface ManagedSite {
  readonly name: string;
  /** As the checkout had it when the supervisor began. */
  readonly declared: Site;
  readonly lock: UnitLock;
  readonly published: Published;
  readonly tools: SiteTools;
  /** Replaced as a whole. */
  record: UnitRecord;
}

export function createManagedSite(declared: Site, tools: SiteTools): ManagedSite {
  const { units } = tools.journal.state;
  const { name } = declared;
  units[name] ??= { history: [] };
  return {
    ...{ name, declared, tools },
    lock: new UnitLock(),
    published: createPublished(tools.folders.run, name),
    get record() {
      return units[name] ?? { history: [] };
    },
    set record(record) {
      units[name] = record;
    },
  };
}

/** One change of a site that is under way. */
export type SiteChange = ChangeOf<ManagedSite>;

/** Makes a change of a site unless another is under way. @returns whether it succeeded; the report says why not */
export const changeSite = (
  managed: ManagedSite,
  report: Report,
  operation: (change: SiteChange) => Promise<void>,
): Promise<boolean> =>
  makeChange(managed, report, operation, async (error) => {
    await keepLog(managed, error);
    const { message } = error;
    return { step: 'failed', message, ...(error instanceof BuildFailure && error.log && { log: error.log }) };
  });

/** A failed build can be read about later, by `pandect logs`. */
export async function keepLog({ name, tools: { folders } }: ManagedSite, error: unknown): Promise<void> {
  const { message, log } = error as Error & { log?: string };
  await appendFile(join(folders.logs, `${name}.log`), `${new Date().toISOString()} ${message}\n${log ?? ''}\n`, {
    mode: 0o600,
  });
}

/** Serves a release from now on. @param action for the history; undefined where the release does not change by it */
export async function switchSite(
  { managed, report, since }: SiteChange,
  release: Release,
  action: HistoryEntry['action'] | undefined,
  by?: string,
): Promise<void> {
  const { published, tools } = managed;
  // A journal that cannot be written would forget the change: it is refused before anything has happened.
  await tools.journal.save();
  await published.add(release);
  await published.switchTo(release);
  report({ step: 'switch', release: release.id, ms: since() });
  const entry = action && {
    ...{ release: release.id, at: new Date().toISOString(), action },
    ...(await releaseOrigin(release)),
    ...(by !== undefined && { by }),
  };
  const { record } = managed;
  managed.record = {
    ...record,
    release: release.id,
    history: [...record.history, ...(entry ? [entry] : [])].slice(-KEPT_HISTORY),
  };
  await tools.journal.save();
  await tools.onSwitched(release.id);
  report({ step: 'done', release: release.id, ms: since() });
}

const KEPT_HISTORY = 50;
/** Pages that were loaded so long ago can still load the rest of their release. */
const TAB_DAYS = 7;

/** Removes the oldest releases and the assets of none, but nothing that a tab opened within the last seven days may ask for. */
export async function pruneSite({ name, record, published, tools }: ManagedSite): Promise<void> {
  const { releases } = tools.folders;
  const inUse = [record.release ?? '', ...(await published.previews()), ...servedSince(record, TAB_DAYS)];
  await pruneReleases(releases, name, inUse);
  await published.keepOnly(await listReleases(releases, name));
}

/** The releases that were served at some time within these days: each until the next one began. */
export function servedSince({ history }: Pick<UnitRecord, 'history'>, days: number, now = Date.now()): string[] {
  const since = now - days * 86_400_000;
  return history.flatMap(({ release }, index) => {
    const next = history[index + 1];
    return next === undefined || Date.parse(next.at) >= since ? [release] : [];
  });
}

export async function keptSiteRelease(
  { name, tools }: ManagedSite,
  id: string | undefined,
): Promise<Release | undefined> {
  return (await listReleases(tools.folders.releases, name)).find((kept) => kept.id === id);
}
