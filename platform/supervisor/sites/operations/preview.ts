import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keptSiteRelease, type SiteChange } from '../managed-site.ts';
import type { Site } from '../site.ts';
import { buildNow } from './build.ts';

/** Serves a kept release, or what the site's folder holds, at an address of its own. */
export async function previewSite(change: SiteChange, wanted: string | undefined, fresh: Site): Promise<void> {
  const { managed, report, since } = change;
  const { name, published } = managed;
  if (wanted === undefined) report({ step: 'build' });
  const release = wanted === undefined ? await buildNow(managed, fresh) : await keptSiteRelease(managed, wanted);
  if (!release) throw new Error(`Preview "${name}": release "${wanted}" is not kept`);
  const manifest = JSON.parse(await readFile(join(release.folder, 'manifest.json'), 'utf8'));
  const base = `/_preview/${name}/${release.id}/`;
  await published.addPreview(release, manifest, base);
  report({ step: 'preview', release: release.id, message: base, ms: since() });
}

/** Ends one preview, or all. */
export async function endSitePreview(change: SiteChange, release: string | undefined): Promise<void> {
  const { managed, report, since } = change;
  const { name, published } = managed;
  const shown = await published.previews();
  if (release !== undefined && !shown.includes(release)) {
    throw new Error(`End preview of "${name}": release "${release}" has none`);
  }
  const ended = release === undefined ? shown : [release];
  for (const id of ended) {
    await published.removePreview(id);
    report({ step: 'done', release: id, message: 'the preview ended', ms: since() });
  }
  if (ended.length === 0) report({ step: 'unchanged', message: 'there is no preview' });
}
