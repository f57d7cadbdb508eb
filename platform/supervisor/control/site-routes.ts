import { type Context, Hono, type Next } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { readBody } from '../../runtime/http/read-body.ts';
import type { Platform } from '../platform.ts';
import type { ManagedSite } from '../sites/managed-site.ts';
import { events, notedBy } from './events.ts';
import { ofOne } from './unit-routes.ts';

/** What is asked of a site; the same asked of a function or worker, and what no site can do, is passed on. */
export function siteRoutes(platform: Pick<Platform, 'sites' | 'noteRelease'>): Hono {
  const { sites } = platform;
  const app = new Hono();
  type Answer = (c: Context, site: ManagedSite) => Promise<Response>;
  const ofSite = (answer: Answer) => async (c: Context, next: Next) => {
    // Hono keeps it for the next reader.
    const body = await c.req.json().catch(() => ({}));
    const named = [body?.unit, ...(Array.isArray(body?.units) ? body.units : [])];
    const site = sites.all.find(({ name }) => named.includes(name));
    return site ? answer(c, site) : next();
  };

  app.post(
    '/rollback',
    ofSite(async (c, site) => {
      const { release, ...options } = await readBody(c, ofOne);
      return events(c, (report) => sites.rollback(site, release, options, notedBy(platform)(report)));
    }),
  );
  app.post(
    '/preview',
    ofSite(async (c, site) => {
      const { release } = await readBody(c, ofOne);
      return events(c, (report) => sites.preview(site, release, report));
    }),
  );
  app.post(
    '/preview/end',
    ofSite(async (c, site) => {
      const { release } = await readBody(c, ofOne);
      return events(c, (report) => sites.endPreview(site, release, report));
    }),
  );
  for (const path of ['/restart', '/canary', '/promote', '/abort', '/scale']) {
    app.post(
      path,
      ofSite((_, { name }) => {
        const what = `${path.slice(1, 2).toUpperCase()}${path.slice(2)}`;
        throw new HTTPException(400, { message: `${what} "${name}": it is a site, which has no processes` });
      }),
    );
  }
  return app;
}
