import { buildSite, type SiteBuildOptions } from './build-site.ts';
import type { Site } from './site.ts';
import type { SiteBuildAnswer } from './site-builder.ts';

/** Builds one site and ends; ends with its parent as well. */

process.on('message', async ({ site, options }: { site: Site; options: SiteBuildOptions }) => {
  const answer: SiteBuildAnswer = await buildSite(site, options).then(
    (built) => ({ built }),
    (error: Error & { log?: string }) => ({ message: error.message, log: error.log ?? '' }),
  );
  process.send?.(answer, () => process.exit(0));
});
process.on('disconnect', () => process.exit(0));
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => process.exit(1));
