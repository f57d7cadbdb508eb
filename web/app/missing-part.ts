/** Words of our own: by those of the browser the router would load the page again, also without a network. */
const MISSING = 'A part of the app could not be loaded';
const RELOADED = 'pandect-reloaded';
/** A page that has lived this long did not fail at once after it was loaded again. */
const SETTLED_MS = 30_000;

/** Lets the page be loaded again for a missing part once it has lived for a while. */
export function settlePage(): void {
  window.addEventListener('load', () => setTimeout(() => sessionStorage.removeItem(RELOADED), SETTLED_MS));
}

/** Makes failures to load a part of the app known by `isMissingPart`. A part that is only loaded ahead does nothing else. */
export function nameMissingParts(): void {
  window.addEventListener('vite:preloadError', ({ payload }) => {
    payload.message = MISSING;
  });
}

export const isMissingPart = (error: unknown): boolean => error instanceof Error && error.message === MISSING;

/**
 * Loads the page again, once, if the server answers: after a deployment it then takes the parts of the new release. Without an answer the
 * browser would have nothing to show. Drafts are kept by the screens themselves.
 */
export async function reloadOnce(): Promise<void> {
  if (isReloaded()) return;
  const answer = await fetch(window.location.href, { method: 'HEAD', cache: 'no-store' }).catch(() => undefined);
  if (!answer?.ok) return;
  noteReload();
  window.location.reload();
}

export const isReloaded = (): boolean => sessionStorage.getItem(RELOADED) !== null;
export const noteReload = (): void => sessionStorage.setItem(RELOADED, 'yes');
