import type { Schemas } from '@pandect/client';
import { useEffect, useSyncExternalStore } from 'react';
import { prefetchSourceSoon } from './prefetch-source.ts';

/** A quote with its place in the stored text of a document. */
export type Cited = Schemas['Citation'];

let current: readonly Cited[] = [];
const followers = new Set<() => void>();

function set(cited: readonly Cited[]): void {
  current = cited;
  for (const follower of followers) follower();
}

/**
 * Tells the source panel what a screen cites, in reading order: `[` and `]` step through it. The viewer of pages is loaded at the same time.
 * @param cited a memoized list
 */
export function useCitations(cited: readonly Cited[]): void {
  const hasPages = cited.some(({ page }) => page !== null);
  useEffect(() => (hasPages ? prefetchSourceSoon() : undefined), [hasPages]);
  useEffect(() => {
    set(cited);
    return () => {
      if (current === cited) set([]);
    };
  }, [cited]);
}

/** What the screen next to the source cites. */
export function useCited(): readonly Cited[] {
  return useSyncExternalStore(
    (change) => {
      followers.add(change);
      return () => followers.delete(change);
    },
    () => current,
  );
}

export const isSamePlace = (a: Pick<Cited, 'documentId' | 'start' | 'end'>, b: typeof a): boolean =>
  a.documentId === b.documentId && a.start === b.start && a.end === b.end;
