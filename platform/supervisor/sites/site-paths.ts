import { join } from 'node:path';

/**
 * What the edge serves of a site, below `run/<site>`: pages of each kept release, one pool of assets for all of them, and links. The edge may
 * be another container that shares no other folder.
 */
export const sitePaths = (run: string, site: string) => {
  const folder = join(run, site);
  return {
    folder,
    /** Hashed files of all kept releases, at `assets/…`. */
    assets: join(folder, 'assets'),
    pages: (release: string) => join(folder, 'pages', release),
    allPages: join(folder, 'pages'),
    /** Link to the pages that are served. */
    current: join(folder, 'current'),
    preview: (release: string) => join(folder, 'previews', release),
    previews: join(folder, 'previews'),
  };
};

/** Of the pages that are shown while there is no release. */
export const NOT_BUILT = 'none';
