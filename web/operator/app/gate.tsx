import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef } from 'react';
import { useClient, useSessionState } from '../../app/client.tsx';
import { useWords } from '../../app/language.tsx';
import { useMe } from '../../app/me.ts';
import { useOwnSettings } from '../../app/own-settings.ts';
import { Failure } from '../../app/problem.tsx';
import { SignInForm } from '../../app/session/sign-in-form.tsx';
import { Button } from '../../parts/button.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Screen } from '../../parts/screen.tsx';
import { useAccess } from './access.ts';
import { words } from './gate-words.ts';

/** Lets administrators of the platform in; the address stays as it is, so that they come to where they wanted to go. */
export function Gate({ children }: { children: ReactNode }) {
  const { session } = useClient();
  const state = useSessionState();
  usePersonGuard();
  const restored = useQuery({
    queryKey: ['restore'],
    queryFn: () => session.restore(),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
  });
  if (restored.isError) return <Unreachable error={restored.error} onRetry={() => void restored.refetch()} />;
  if (state === 'unknown') return <Loading />;
  if (state === 'signed-out') return <SignIn />;
  return <Administrators>{children}</Administrators>;
}

function Administrators({ children }: { children: ReactNode }) {
  useOwnSettings();
  const access = useAccess();
  const { error, isAdministrator } = access;
  if (isAdministrator) return children;
  if (isAdministrator === false) {
    return <NoAdministrator busy={access.isFetching} onRetry={() => void access.refetch()} />;
  }
  if (error) return <Unreachable error={error} onRetry={() => void access.refetch()} />;
  return <Loading />;
}

/** Forgets what was read when the person signs out, or when another tab signs in somebody else. */
function usePersonGuard(): void {
  const { session } = useClient();
  const queries = useQueryClient();
  const person = useRef(session.userId);
  useEffect(
    () =>
      session.subscribe(() => {
        const before = person.current;
        person.current = session.userId ?? before;
        if (session.state === 'signed-out') {
          person.current = undefined;
          queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'restore' });
        } else if (session.userId !== undefined && before !== undefined && session.userId !== before) {
          window.location.reload();
        }
      }),
    [session, queries],
  );
}

function SignIn() {
  const texts = useWords(words);
  return (
    <Outside heading={texts.signIn}>
      <p className="text-muted">{texts.forWhom}</p>
      <SignInForm />
    </Outside>
  );
}

function NoAdministrator({ busy, onRetry }: { busy: boolean; onRetry: () => void }) {
  const texts = useWords(words);
  const { session } = useClient();
  const me = useMe();
  const signOut = useMutation({ mutationFn: () => session.signOut() });
  return (
    <Outside heading={texts.noAccess}>
      <p>{texts.why(me?.email)}</p>
      <p className="text-sm text-muted">{texts.howTo}</p>
      {signOut.isError ? <Failure error={signOut.error} /> : null}
      <div className="flex flex-wrap gap-2">
        <Button kind="secondary" busy={busy} onClick={onRetry}>
          {texts.again}
        </Button>
        <Button kind="secondary" busy={signOut.isPending} onClick={() => signOut.mutate()}>
          {texts.signOut}
        </Button>
      </div>
      <p>
        <a href="/">{texts.toApp}</a>
      </p>
    </Outside>
  );
}

function Unreachable({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const texts = useWords(words);
  return (
    <Outside heading={texts.console}>
      <Failure error={error} onRetry={onRetry} />
    </Outside>
  );
}

const Outside = ({ heading, children }: { heading: string; children: ReactNode }) => (
  <div className="mx-auto grid min-h-dvh w-full max-w-lg content-center">
    <Screen heading={heading}>{children}</Screen>
  </div>
);
