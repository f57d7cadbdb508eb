import { z } from 'zod';

/** Bytes of a file compressed with gzip at its highest level. */
const gzipBytes = z.number().int().min(1);
const inCheckout = z.string().regex(/^(?!\/)(?!.*\.\.)[\w./@-]+$/, 'must be a path from the top of the checkout');
const pattern = z.string().refine(isPattern, 'must be a regular expression');

export const siteSchema = z.strictObject({
  /** Path prefix of its pages. */
  mount: z.literal('/'),
  /** Pages that are served; a path that is no file gets the first one, whose script decides what it shows. */
  entries: z.array(z.string().regex(/^[a-z][a-z0-9-]*\.html$/, 'must be the name of an HTML file')).min(1),
  /**
   * A program with its arguments, run at the top of the checkout as an unprivileged user; `node` is the platform's own. It writes into
   * the empty folder that `PANDECT_SITE_OUT` names. Names of files below `assets/` must hold a hash of their content.
   */
  build: z.array(z.string()).min(1),
  /** Packages that the build needs. A host without them serves what was built before, or a page that says so. */
  packages: z.array(z.string()).default([]),
  /** Files and folders that it is built from, next to its own folder. */
  sources: z.array(inCheckout).default([]),
  /** Largest sizes; a build beyond one of them fails. */
  budgets: z
    .strictObject({
      /** Scripts of one page with what these import, all of it loaded before anything is shown. */
      firstScripts: gzipBytes.optional(),
      /** Style sheets of one page. */
      firstStyles: gzipBytes.optional(),
      /** Each script that is loaded later. */
      laterScript: gzipBytes.optional(),
      /** Scripts that have a limit of their own in place of `laterScript`, by a pattern of their names. */
      scripts: z.array(z.strictObject({ files: pattern, bytes: gzipBytes })).default([]),
    })
    .prefault({}),
});

/** What the platform knows of a site: pages, scripts and other files that the edge serves by itself. */
export type SiteManifest = z.output<typeof siteSchema>;

/** Fills in defaults and checks; all mistakes are reported in one error. */
export function defineSite(manifest: z.input<typeof siteSchema>): SiteManifest {
  const result = siteSchema.safeParse(manifest);
  if (result.success) return result.data;
  const mistakes = result.error.issues.map((issue) => `${issue.path.join('.') || 'manifest'}: ${issue.message}`);
  throw new Error(`Read manifest: ${mistakes.join('; ')}`);
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}
