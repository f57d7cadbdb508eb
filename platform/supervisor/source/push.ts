import type { ChangeEvent, ChangeOptions, Report } from '../control/contract.ts';
import type { Platform } from '../platform.ts';
import { readUnit, readUnits } from '../unit.ts';
import { type Received, receiveSource } from './receive-source.ts';
import { describeSource, type Sources } from './sources.ts';

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

/** Returns to the source before the last push, and deploys from it what that push had deployed. */
export async function undoPush({ units, sources }: PushedTo, options: ChangeOptions, report: Report): Promise<boolean> {
  const [before, record] = [sources.before(), await sources.record()];
  if (before === undefined || !record) throw new Error('Undo push: nothing was pushed');
  const wanted = record.units && record.units.length > 0 ? record.units : units.all.map(({ name }) => name);
  const names: string[] = [];
  for (const name of wanted) {
    if (await readUnit(before, name)) names.push(name);
    else report({ unit: '', step: 'source', message: `"${name}" is not in the source before and stays as it is` });
  }
  const ok = await deployFrom({ units, sources }, before, { names, options, take: () => sources.back() }, report);
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
  const record = await sources.record();
  const message = record
    ? `Deploys now build from the source ${describeSource(record)}; pandect push --undo takes it back`
    : "Deploys now build from the platform's own source";
  report({ unit: '', step: 'source', message });
}
