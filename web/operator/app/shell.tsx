import { useMutation } from '@tanstack/react-query';
import { Suspense, useRef } from 'react';
import { useClient } from '../../app/client.tsx';
import { useWords } from '../../app/language.tsx';
import { useMe } from '../../app/me.ts';
import { isMissingPart, MissingPart } from '../../app/missing-part.tsx';
import { Failure } from '../../app/problem.tsx';
import { Button } from '../../parts/button.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Screen } from '../../parts/screen.tsx';
import { FailureBoundary } from './failure-boundary.tsx';
import { Go } from './go.tsx';
import { HostChoice } from './hosts.tsx';
import { usePath } from './place.ts';
import { screenAt } from './screens.ts';
import { words } from './shell-words.ts';

const link =
  'block rounded-md px-3 py-1.5 text-ink no-underline hover:bg-accent-soft [&[aria-current=page]]:bg-accent-soft [&[aria-current=page]]:font-semibold';

const groups = {
  now: { overview: '/', alerts: '/alerts', errors: '/errors', logs: '/logs' },
  run: {
    ...{ units: '/units', queues: '/queues', backups: '/backups' },
    ...{ images: '/images', gateway: '/gateway', bots: '/bots' },
  },
  business: { organizations: '/organizations', plans: '/plans', prices: '/prices', money: '/money' },
} as const;

/** The most used ones stand at the bottom of a phone. */
const first = { overview: '/', units: '/units', logs: '/logs' } as const;

/** The frame of every screen: a column on the left, and on a phone a bar at the bottom with the rest in a sheet. */
export function Shell() {
  const texts = useWords(words);
  const sheet = useRef<HTMLDialogElement>(null);
  const close = () => sheet.current?.close();
  return (
    <div className="grid min-h-dvh md:grid-cols-[15rem_1fr]">
      <a href="#content" className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:bg-surface focus:p-2">
        {texts.skip}
      </a>
      <header className="sticky top-0 hidden h-dvh content-start gap-4 overflow-y-auto border-r border-line bg-surface p-4 md:grid">
        <p className="px-3 font-serif text-xl font-semibold">
          Pandect <span className="text-base font-normal text-muted">{texts.console}</span>
        </p>
        <HostChoice />
        <Navigation />
        <Account />
      </header>
      <div id="content" tabIndex={-1} className="min-w-0 pb-16 outline-none md:pb-0">
        <Content />
      </div>
      <nav
        aria-label={texts.navigation}
        className="fixed inset-x-0 bottom-0 z-10 grid grid-cols-4 border-t border-line bg-surface text-center text-sm md:hidden"
      >
        {Object.entries(first).map(([name, to]) => (
          <Go key={to} to={to} className="truncate px-1 py-3 no-underline">
            {texts[name as keyof typeof first]}
          </Go>
        ))}
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
        <HostChoice />
        <Navigation onLeave={close} />
        <Account />
      </dialog>
    </div>
  );
}

function Navigation({ onLeave }: { onLeave?: () => void }) {
  const texts = useWords(words);
  const path = usePath();
  const isHere = (to: string) => (to === '/' ? path === '/' : path === to || path.startsWith(`${to}/`));
  return (
    <nav aria-label={texts.navigation} className="grid gap-3">
      {Object.entries(groups).map(([group, places]) => (
        <section key={group} aria-label={texts[group as keyof typeof groups]}>
          <p aria-hidden="true" className="px-3 pb-1 text-xs text-muted">
            {texts[group as keyof typeof groups]}
          </p>
          <ul>
            {Object.entries(places).map(([name, to]) => (
              <li key={to}>
                <Go to={to} className={link} aria-current={isHere(to) ? 'page' : undefined} onClick={onLeave}>
                  {texts[name as keyof typeof texts]}
                </Go>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </nav>
  );
}

function Account() {
  const texts = useWords(words);
  const { session } = useClient();
  const me = useMe();
  const signOut = useMutation({ mutationFn: () => session.signOut() });
  return (
    <div className="grid justify-items-start gap-1 border-t border-line px-3 pt-3 text-sm">
      <p className="text-muted">{me?.email}</p>
      {signOut.isError ? <Failure error={signOut.error} /> : null}
      <a href="/" className="py-1">
        {texts.app}
      </a>
      <Button kind="quiet" className="-mx-4" busy={signOut.isPending} onClick={() => signOut.mutate()}>
        {texts.signOut}
      </Button>
    </div>
  );
}

function Content() {
  const texts = useWords(words);
  const path = usePath();
  const found = screenAt(path);
  if (!found) {
    return (
      <Screen heading={texts.missing}>
        <p>{texts.missingText}</p>
        <p>
          <Go to="/">{texts.home}</Go>
        </p>
      </Screen>
    );
  }
  const { Screen: Shown, params } = found;
  return (
    <FailureBoundary
      key={path}
      fallback={(error, retry) => (
        <Screen heading={texts.console}>
          {isMissingPart(error) ? <MissingPart /> : <Failure error={error} onRetry={retry} />}
        </Screen>
      )}
    >
      <Suspense fallback={<Loading />}>
        <Shown params={params} />
      </Suspense>
    </FailureBoundary>
  );
}
