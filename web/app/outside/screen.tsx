import { type ReactNode, useEffect } from 'react';

/** A screen before sign-in: its one heading, and the title of the tab. */
export function OutsideScreen({ heading, children }: { heading: string; children: ReactNode }) {
  useEffect(() => {
    document.title = `${heading} · Pandect`;
  }, [heading]);
  return (
    <>
      <h1>{heading}</h1>
      {children}
    </>
  );
}
