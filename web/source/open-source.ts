import { useNavigate, useRouter, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { SourceAddress } from './address.ts';

/** Kept with an entry of the history whose source was opened from the page before it. */
const OPENED = 'openedSource';

interface HistoryMark {
  [OPENED]?: boolean;
}

/** What had the focus when the source was opened: it gets it back. */
let opener: HTMLElement | undefined;
/** Where it stood on the screen then. */
let openerTop = 0;

/** The source of the address. */
export const useSourceAddress = (): SourceAddress => useSearch({ strict: false });

/** Whether something is so of the source of the address. Who asks is rendered again only when that changes. */
export const useIsSource = (test: (address: SourceAddress) => boolean): boolean =>
  useSearch({ strict: false, select: (search) => test(search) });

/** What opens a source next to the same screen, and what closes it. Neither changes while the screen is there. */
export function useSource() {
  const navigate = useNavigate();
  const router = useRouter();
  const open = useCallback(
    (next: Required<SourceAddress> | { doc: string }) => {
      const isOpen = (router.state.location.search as SourceAddress).doc !== undefined;
      if (!isOpen) {
        opener = document.activeElement instanceof HTMLElement ? document.activeElement : undefined;
        openerTop = opener?.getBoundingClientRect().top ?? 0;
      }
      void navigate({
        to: '.',
        search: (before) => ({ ...withoutSource(before), ...next }),
        state: (before) => ({ ...before, [OPENED]: !isOpen || (before as HistoryMark)[OPENED] === true }),
        replace: isOpen,
        resetScroll: false,
      });
    },
    [navigate, router],
  );
  const close = useCallback(() => {
    // The way back and the button do the same, so that a closed source is not opened by going back.
    if ((router.state.location.state as HistoryMark)[OPENED]) router.history.back();
    else {
      void navigate({
        to: '.',
        search: withoutSource,
        replace: true,
        resetScroll: false,
      });
    }
  }, [navigate, router]);
  return { open, close };
}

function withoutSource<S extends SourceAddress>({ doc: _doc, start: _start, end: _end, ...rest }: S) {
  return rest;
}

/** Scrolls what opened the source back to where it stood: the column gets narrower, and what is above it longer. */
export function holdOpener(): void {
  if (opener?.isConnected) window.scrollBy({ top: opener.getBoundingClientRect().top - openerTop });
}

/** Gives the focus back to what opened the source, if that is still there. */
export function focusOpener(): void {
  if (opener?.isConnected) opener.focus();
  opener = undefined;
}
