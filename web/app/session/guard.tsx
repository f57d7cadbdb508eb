import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useClient } from '../client.tsx';

/** Leaves the screens of a person when they sign out in any tab, or when another tab signs in somebody else. */
export function useSessionGuard(): void {
  const { session } = useClient();
  const queries = useQueryClient();
  const router = useRouter();
  const person = useRef(session.userId);
  useEffect(
    () =>
      session.subscribe(() => {
        const before = person.current;
        person.current = session.userId ?? before;
        if (session.state === 'signed-out') {
          queries.clear();
          sessionStorage.clear();
          void router.navigate({ to: '/sign-in', search: {} });
        } else if (session.userId !== undefined && before !== undefined && session.userId !== before) {
          sessionStorage.clear();
          window.location.reload();
        }
      }),
    [session, queries, router],
  );
}
