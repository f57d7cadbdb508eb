import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useClient } from '../../app/client.tsx';
import { useWords } from '../../app/language.tsx';
import { useMe } from '../../app/me.ts';
import { Failure } from '../../app/problem.tsx';
import { Button } from '../../parts/button.tsx';
import { words } from './words.ts';

/** For a device on which somebody is signed in. Signing out leaves the page and its invitation where they are. */
export function SignedInAlready() {
  const texts = useWords(words);
  const { session } = useClient();
  const queries = useQueryClient();
  const me = useMe();
  const signOut = useMutation({
    mutationFn: () => session.signOut(),
    onSuccess: () => queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'restore' }),
  });
  return (
    <>
      <p>{texts.signedIn(me?.email ?? texts.someone)}</p>
      {signOut.isError ? <Failure error={signOut.error} /> : null}
      <Button busy={signOut.isPending} onClick={() => signOut.mutate()}>
        {texts.signOut}
      </Button>
      <p className="text-sm">
        <Link to="/">{texts.stay}</Link>
      </p>
    </>
  );
}
