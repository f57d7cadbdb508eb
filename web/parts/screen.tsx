import { type ReactNode, useEffect } from 'react';

/** A screen with its one heading, what can be done there, and its title for the tab of the browser. */
export function Screen({
  heading,
  actions,
  wide = false,
  oneLine = false,
  children,
}: {
  heading: string;
  actions?: ReactNode;
  wide?: boolean;
  /** Cuts a long heading, so that what stands below keeps its place when the screen gets narrower. */
  oneLine?: boolean;
  children: ReactNode;
}) {
  useEffect(() => {
    document.title = `${heading} · Pandect`;
  }, [heading]);
  return (
    <main className={`mx-auto grid w-full content-start gap-6 p-4 md:p-8 ${wide ? 'max-w-7xl' : 'max-w-3xl'}`}>
      <div
        className={`@container flex flex-wrap items-center justify-between gap-3 ${oneLine ? 'md:flex-nowrap' : ''}`}
      >
        <h1 className={oneLine ? 'min-w-0 truncate' : ''}>{heading}</h1>
        {actions ? <div className={`flex flex-wrap gap-2 ${oneLine ? 'md:shrink-0' : ''}`}>{actions}</div> : null}
      </div>
      {children}
    </main>
  );
}
