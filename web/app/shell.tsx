import { Link, type LinkProps, Outlet, useLocation } from '@tanstack/react-router';
import { type ReactNode, useRef } from 'react';
import { Conversations } from '../screens/ask/conversations.tsx';
import { AddressedSource } from '../source/addressed-source.tsx';
import { useIsSource } from '../source/open-source.ts';
import { UploadsProvider } from '../uploads/uploads.tsx';
import { Account } from './account.tsx';
import { ConfirmBar } from './bars/confirm-bar.tsx';
import { PastDueBar } from './bars/past-due-bar.tsx';
import { useWords } from './language.tsx';
import { useOwnSettings } from './own-settings.ts';
import { useSessionGuard } from './session/guard.tsx';
import { words } from './shell-words.ts';

const link =
  'block rounded-md px-3 py-2 text-ink no-underline hover:bg-accent-soft [&[aria-current=page]]:bg-accent-soft [&[aria-current=page]]:font-semibold';

function Navigation({ onLeave }: { onLeave?: () => void }) {
  const texts = useWords(words);
  // Where one stands is seen among the links.
  const isOfOrganization = useLocation({ select: ({ pathname }) => /^\/(organization|bots)\b/.test(pathname) });
  const item = (to: NonNullable<LinkProps['to']>, text: ReactNode) => (
    <li>
      <Link to={to} className={link} {...(onLeave ? { onClick: onLeave } : {})}>
        {text}
      </Link>
    </li>
  );
  return (
    <nav aria-label={texts.navigation} className="grid gap-4">
      <ul>
        {item('/', texts.ask)}
        {item('/search', texts.search)}
        {item('/documents', texts.documents)}
        {item('/images', texts.images)}
      </ul>
      <details open={isOfOrganization}>
        <summary className="rounded-md px-3 py-2 text-muted">{texts.organization}</summary>
        <ul>
          {item('/organization/people', texts.people)}
          {item('/organization/keys', texts.keys)}
          {item('/organization/audit', texts.audit)}
          {item('/bots', texts.bots)}
          {item('/organization/data', texts.data)}
        </ul>
      </details>
      <ul>
        {item('/usage', texts.usage)}
        {item('/subscription', texts.subscription)}
        {item('/settings', texts.settings)}
      </ul>
    </nav>
  );
}

const columns = 'md:grid-cols-[17rem_1fr]';
const columnsWithSource = 'md:grid-cols-[17rem_1fr] lg:grid-cols-[14rem_1fr_minmax(26rem,44%)]';

/** The frame of every screen: a column on the left, and on a phone a bar at the bottom with the rest in a sheet. */
export default function Shell() {
  useSessionGuard();
  useOwnSettings();
  return (
    <UploadsProvider>
      <Frame />
    </UploadsProvider>
  );
}

function Frame() {
  const texts = useWords(words);
  const hasSource = useIsSource(({ doc }) => doc !== undefined);
  const sheet = useRef<HTMLDialogElement>(null);
  const close = () => sheet.current?.close();
  return (
    <div className={`grid min-h-dvh ${hasSource ? columnsWithSource : columns}`}>
      <a href="#content" className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:bg-surface focus:p-2">
        {texts.skip}
      </a>
      <header className="sticky top-0 hidden h-dvh grid-cols-[minmax(0,1fr)] content-start gap-6 overflow-y-auto border-r border-line bg-surface p-4 md:grid">
        <p className="px-3 font-serif text-xl font-semibold">Pandect</p>
        <Navigation />
        <Conversations />
        <Account />
      </header>
      <div id="content" tabIndex={-1} className="min-w-0 pb-16 outline-none md:pb-0">
        <ConfirmBar />
        <PastDueBar />
        <Outlet />
      </div>
      <AddressedSource />
      <nav
        aria-label={texts.navigation}
        className="fixed inset-x-0 bottom-0 z-10 grid grid-cols-4 border-t border-line bg-surface text-center text-sm md:hidden"
      >
        <Link to="/" className="px-1 py-3 no-underline">
          {texts.ask}
        </Link>
        <Link to="/search" className="px-1 py-3 no-underline">
          {texts.search}
        </Link>
        <Link to="/documents" className="px-1 py-3 no-underline">
          {texts.documents}
        </Link>
        <button type="button" className="px-1 py-3 text-accent" onClick={() => sheet.current?.showModal()}>
          {texts.more}
        </button>
      </nav>
      <dialog
        ref={sheet}
        aria-label={texts.more}
        className="m-0 mt-auto max-h-[85dvh] w-full max-w-none overflow-y-auto rounded-t-xl bg-surface p-4"
      >
        <button type="button" className="mb-2 w-full rounded-md border border-line py-2" onClick={close}>
          {texts.close}
        </button>
        <div className="grid gap-6">
          <Navigation onLeave={close} />
          <Conversations onLeave={close} />
          <Account />
        </div>
      </dialog>
    </div>
  );
}
