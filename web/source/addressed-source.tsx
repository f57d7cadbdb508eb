import { lazy, Suspense, useCallback, useEffect, useLayoutEffect, useRef } from 'react';
import type { Cited } from './cited.ts';
import { focusOpener, holdOpener, useSource, useSourceAddress } from './open-source.ts';

const SourcePanel = lazy(() => import('./panel.tsx'));

/** The source that the address names, next to any screen; nothing without one. */
export function AddressedSource() {
  const address = useSourceAddress();
  const { open, close } = useSource();
  const show = useCallback(({ documentId: doc, start, end }: Cited) => open({ doc, start, end }), [open]);
  const isOpen = address.doc !== undefined;
  const wasOpen = useRef(isOpen);
  useLayoutEffect(() => {
    if (isOpen) holdOpener();
  }, [isOpen]);
  useEffect(() => {
    if (wasOpen.current && !isOpen) focusOpener();
    wasOpen.current = isOpen;
  }, [isOpen]);
  if (address.doc === undefined) return null;
  return (
    <Suspense fallback={<Opening onClose={close} />}>
      <SourcePanel documentId={address.doc} start={address.start} end={address.end} onClose={close} onOpen={show} />
    </Suspense>
  );
}

/** Stands in while the panel is loaded, and has no focus yet: Escape closes it from anywhere. */
function Opening({ onClose }: { onClose: () => void }) {
  useEffect(() => {
    const leave = (event: KeyboardEvent) => event.key === 'Escape' && onClose();
    window.addEventListener('keydown', leave);
    return () => window.removeEventListener('keydown', leave);
  }, [onClose]);
  return <aside className="fixed inset-0 z-30 bg-surface lg:sticky lg:h-dvh" />;
}
