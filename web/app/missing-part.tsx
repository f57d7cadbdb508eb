import { useEffect } from 'react';
import { Notice } from '../parts/notice.tsx';
import { useOnline } from './bars/offline-bar.tsx';
import { useWords } from './language.tsx';

const words = {
  en: {
    notLoaded: 'The page could not be loaded. Check the network and try again.',
    whenOnline: 'The page was not opened before and is loaded as soon as the network is back.',
  },
  ru: {
    notLoaded: 'Не удалось загрузить страницу. Проверьте сеть и повторите попытку.',
    whenOnline: 'Страница ещё не открывалась и загрузится, как только появится сеть.',
  },
};

/** Words of our own: by those of the browser the router would load the page again, also without a network. */
const MISSING = 'A part of the app could not be loaded';
const RELOADED = 'pandect-reloaded';
/** A page that has lived this long did not fail at once after it was loaded again. */
const SETTLED_MS = 30_000;

/**
 * Makes failures to load a part of the app known by `isMissingPart`, and lets the page be loaded again for one once it has lived for a
 * while. A part that is only loaded ahead does nothing else.
 */
export function watchMissingParts(): void {
  window.addEventListener('vite:preloadError', ({ payload }) => {
    payload.message = MISSING;
  });
  window.addEventListener('load', () => setTimeout(() => sessionStorage.removeItem(RELOADED), SETTLED_MS));
}

export const isMissingPart = (error: unknown): boolean => error instanceof Error && error.message === MISSING;

/**
 * Stands in for a screen whose part is missing. It loads the page again, once, if the server answers: after a deployment the page then
 * takes the parts of the new release.
 */
export function MissingPart() {
  const texts = useWords(words);
  const online = useOnline();
  useEffect(() => {
    if (online) void reloadOnce();
  }, [online]);
  if (!online) return <Notice tone="warn">{texts.whenOnline}</Notice>;
  return (
    <Notice tone="warn" onRetry={() => window.location.reload()}>
      {texts.notLoaded}
    </Notice>
  );
}

/** Without an answer the browser would have nothing to show. Drafts are kept by the screens themselves. */
async function reloadOnce(): Promise<void> {
  if (sessionStorage.getItem(RELOADED) !== null) return;
  const answer = await fetch(window.location.href, { method: 'HEAD', cache: 'no-store' }).catch(() => undefined);
  if (!answer?.ok) return;
  sessionStorage.setItem(RELOADED, 'yes');
  window.location.reload();
}
