import type { ChangeEvent, ChangeOptions, Report } from '../control/contract.ts';
import type { Platform } from '../platform.ts';
import { readUnit, readUnits } from '../unit.ts';
import { describeOwn, describeSource } from './describe-source.ts';
import { type Received, receiveSource } from './receive-source.ts';
import { readSourceRecord } from './source-record.ts';
import type { Sources } from './sources.ts';

type PushedTo = Pick<Platform, 'units' | 'sites' | 'sources'>;

/** What a source cannot bring, since the supervisor runs it from the image. */
const ownCode = /^(pandect\.ts|tsconfig\.json|platform\/(backup|cli|edge|monitoring|planner|services|supervisor)\/)/;

/**
 * Takes in a source and deploys units from it, all of them when none is named. It is built from later as well, also after a
 * restart, unless nothing of it could be deployed.
 * @returns whether all units were deployed
 */
export async function push(
  { units, sites, sources }: PushedTo,
  archive: AsyncIterator<Uint8Array>,
  report: Report,
): Promise<boolean> {
  const { folder, checkout, root } = sources;
  const received = await receiveSource(archive, { sources: folder, current: root, checkout });
  report({ unit: '', step: 'source', message: describe(received) });
  const { request, id } = received;
  const site = request.units.find((name) => sites.find(name));
  if (site !== undefined) throw new Error(`Push "${site}": it is a site, which a new image brings`);
  // All of them: with a mistake in any manifest, the next start would not come up.
  const found = await readUnits(received.folder);
  const names = request.units.length > 0 ? request.units : found.map(({ name }) => name);
  const missing = units.all.filter(({ name }) => !found.some((unit) => unit.name === name));
  if (missing.length > 0) {
    const message = `Not in this source: ${missing.map(({ name }) => name).join(', ')}; the next start comes up without`;
    report({ unit: '', step: 'source', message });
  }
  const { revision: _, format: __, units: ___, ...options } = request;
  const ok = await deployFrom(
    { units, sources },
    received.folder,
    { names, options, take: () => sources.use(id) },
    report,
  );
  await tell(sources, report);
  return ok;
}

/**
 * Returns to the source before the last push, and deploys from it what that push had deployed.
 * @param options.all returns to the platform's own instead, and deploys everything from it
 * @throws when nothing was pushed, or the source before is not kept any more
 */
export async function undoPush(
  { units, sources }: PushedTo,
  { all = false, ...options }: ChangeOptions & { all?: boolean | undefined },
  report: Report,
): Promise<boolean> {
  const root = all && sources.list().length > 0 ? sources.checkout : await sources.before();
  if (root === undefined) throw new Error('Undo push: nothing was pushed');
  // A source that is damaged does not say what it was deployed to.
  const record = all || sources.damaged !== undefined ? undefined : await sources.record();
  report({ unit: '', step: 'source', message: `Returning to ${await describeRoot(root, sources)}` });
  const wanted = record?.units && record.units.length > 0 ? record.units : units.all.map(({ name }) => name);
  const names: string[] = [];
  for (const name of wanted) {
    if (await readUnit(root, name)) names.push(name);
    else report({ unit: '', step: 'source', message: `"${name}" is not in that source and stays as it is` });
  }
  const take = () => (all ? sources.restore([]) : sources.back());
  const ok = await deployFrom({ units, sources }, root, { names, options, take }, report);
  await tell(sources, report);
  return ok;
}

interface Work {
  names: readonly string[];
  options: ChangeOptions & { canary?: number | undefined };
  /** Makes the source the one that is built from. */
  take(): Promise<void>;
}

/**
 * The source is written down as soon as one unit is built, before that takes traffic: whatever ends the supervisor in between,
 * the next one does not go back to older code.
 */
async function deployFrom(
  { units, sources }: Pick<PushedTo, 'units' | 'sources'>,
  root: string,
  { names, options, take }: Work,
  report: Report,
): Promise<boolean> {
  const before = sources.list();
  let isTaken = false;
  let isServed = names.length === 0;
  const noted = (event: ChangeEvent) => {
    if (['done', 'unchanged', 'canary'].includes(event.step)) isServed = true;
    report(event);
  };
  const onBuilt = async () => {
    if (isTaken) return;
    await take();
    isTaken = true;
  };
  if (names.length === 0) await onBuilt();
  try {
    return await units.deploy(names, options, noted, { root, onBuilt });
  } finally {
    if (isTaken && !isServed) await sources.restore(before);
  }
}

function describe({ request: { revision }, files, bytes, changed }: Received): string {
  const said = [
    `Received ${files} files, ${(bytes / 1e6).toFixed(1)} MB${revision === undefined ? '' : `, revision ${revision}`}`,
    `${changed.length} differ from what is built from now`,
  ];
  const own = changed.filter((path) => ownCode.test(path));
  if (own.length > 0)
    said.push(`${own.length} of them are the platform's own (${own[0]}), which only a new image brings`);
  return said.join('; ');
}

async function tell(sources: Sources, report: Report): Promise<void> {
  const hint = sources.list().length > 0 ? '; pandect push --undo takes it back' : '';
  const message =
    sources.damaged === undefined
      ? `Deploys now build from ${await describeRoot(sources.root, sources)}${hint}`
      : 'Deploys wait until the damaged source is pushed again or taken back';
  report({ unit: '', step: 'source', message });
}

async function describeRoot(root: string, { checkout }: Sources): Promise<string> {
  const record = root === checkout ? undefined : await readSourceRecord(root);
  return record ? `the source ${describeSource(record)}` : describeOwn(checkout);
}
