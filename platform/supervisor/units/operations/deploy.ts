import type { ChangeOptions } from '../../control/contract.ts';
import { isReachable, type Unit } from '../../unit.ts';
import type { Change } from '../change.ts';
import { pruneKept, withManifestOf } from '../kept-release.ts';
import { startProcesses } from '../move.ts';
import type { ReleaseProcesses } from '../release-processes.ts';
import { assertNoCanary, divert } from './canary.ts';
import { replace } from './replace.ts';

export interface DeployOptions extends ChangeOptions {
  /** Percent of the callers that get the new release at first; it does not replace the running one then. */
  canary?: number | undefined;
}

export interface DeploySource {
  /** The checkout, or a source that was pushed. */
  root: string;
  /** Called when the unit is built and not yet started. */
  onBuilt?(): Promise<void>;
}

/** Builds the unit as its folder says now, and puts that in place of the release that serves. */
export async function deploy(
  change: Change,
  fresh: Unit,
  { canary, ...options }: DeployOptions,
  { root, onBuilt }: DeploySource,
): Promise<void> {
  const { managed, report, since } = change;
  const { name, tools } = managed;
  assertNoCanary(managed, 'Deploy');
  if (canary !== undefined && fresh.kind === 'worker') {
    throw new Error(`Deploy "${name}" as a canary: it is a worker, which has no callers`);
  }
  if (canary !== undefined && !isReachable(fresh)) {
    throw new Error(`Deploy "${name}" as a canary: it has no callers but the operator`);
  }
  report({ step: 'build' });
  const built = await tools.build(fresh, { root, releases: tools.folders.releases });
  await onBuilt?.();
  const unit = await withManifestOf(managed, built);
  const { current, record } = managed.state;
  if (current?.release.id === built.id && record.release === built.id && isAsWanted(current)) {
    return report({ step: 'unchanged', release: built.id, ms: since() });
  }
  if (canary === undefined) await replace(change, 'deploy', unit, built, options);
  else {
    report({ step: 'start', release: built.id });
    await divert(change, await startProcesses(managed, unit, built, 1), canary, options.by);
  }
  await pruneKept(managed);
}

/** Deploying the same content again is a way to try again where nothing serves, and brings changed settings. */
const isAsWanted = (processes: ReleaseProcesses): boolean =>
  (processes.wanted === 0 || processes.ready.length > 0) && processes.outdated().length === 0;
