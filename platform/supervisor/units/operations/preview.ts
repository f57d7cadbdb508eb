import { isReachable, type Unit } from '../../unit.ts';
import type { Change } from '../change.ts';
import { keptRelease, withManifestOf } from '../kept-release.ts';
import { move, startProcesses } from '../move.ts';
import { previewOf } from '../state.ts';

/** Starts a kept release, or what the unit's folder holds, at an address of its own. */
export async function preview(change: Change, wanted: string | undefined, unit: Unit): Promise<void> {
  const { managed, report, since } = change;
  const { name, tools } = managed;
  if (unit.kind === 'worker') throw new Error(`Preview "${name}": it is a worker, which has no address`);
  if (!isReachable(unit)) throw new Error(`Preview "${name}": the edge does not reach it, so it has no address`);
  if (wanted === undefined) report({ step: 'build' });
  const release =
    wanted === undefined
      ? await tools.build(unit, { root: tools.root, releases: tools.folders.releases })
      : await keptRelease(managed, wanted);
  if (!release) throw new Error(`Preview "${name}": release "${wanted}" is not kept`);
  if (!previewOf(managed.state, release.id)) {
    report({ step: 'start', release: release.id });
    const processes = await startProcesses(managed, await withManifestOf(managed, release), release, 1);
    await move(managed, { event: 'previewed', processes });
  }
  const paths = unit.manifest.mount.map((path) => `/_preview/${name}/${release.id}${path}`);
  report({ step: 'preview', release: release.id, message: paths.join(' '), ms: since() });
}

/** Ends one preview, or all. */
export async function endPreview({ managed, report, since }: Change, release: string | undefined): Promise<void> {
  const ended = release === undefined ? managed.state.previews.map((each) => each.release.id) : [release];
  for (const id of ended) {
    if (!previewOf(managed.state, id)) throw new Error(`End preview of "${managed.name}": release "${id}" has none`);
    await move(managed, { event: 'preview-ended', release: id });
    report({ step: 'done', release: id, message: 'the preview ended', ms: since() });
  }
  if (ended.length === 0) report({ step: 'unchanged', message: 'there is no preview' });
}
