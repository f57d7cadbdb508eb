interface Connection {
  saveData?: boolean;
  effectiveType?: string;
}

let prefetched: Promise<void> | undefined;

/** What shows a source with its pages is loaded when somebody is about to open one. */
export function prefetchSource(): void {
  prefetched ??= Promise.all([import('./panel.tsx'), import('./pdf/pdf-source.tsx')]).then(
    ([, { startReader }]) => startReader(),
    () => {
      prefetched = undefined;
    },
  );
}

/** The same once the page has nothing else to do; not where each byte counts. @returns what calls it off */
export function prefetchSourceSoon(): () => void {
  const { connection } = navigator as { connection?: Connection };
  if (prefetched || connection?.saveData || /2g|3g/.test(connection?.effectiveType ?? '')) return () => {};
  // Safari has no such callback.
  if (!('requestIdleCallback' in window)) {
    const timer = setTimeout(prefetchSource, AFTER_MS);
    return () => clearTimeout(timer);
  }
  const idle = requestIdleCallback(prefetchSource, { timeout: AFTER_MS });
  return () => cancelIdleCallback(idle);
}

const AFTER_MS = 1_000;
