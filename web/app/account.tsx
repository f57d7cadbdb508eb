import { useMutation } from '@tanstack/react-query';
import { Button } from '../parts/button.tsx';
import { useClient } from './client.tsx';
import { useWords } from './language.tsx';
import { useMe } from './me.ts';

const words = { en: { signOut: 'Sign out' }, ru: { signOut: 'Выйти' } };

/** Who is signed in, and the way out. */
export function Account() {
  const texts = useWords(words);
  const { session } = useClient();
  const me = useMe();
  const signOut = useMutation({ mutationFn: () => session.signOut() });
  return (
    <div className="grid justify-items-start gap-1 border-t border-line px-3 pt-3 text-sm">
      {me ? (
        <>
          <p className="font-medium">{me.organization.name}</p>
          <p className="text-muted">{me.email}</p>
        </>
      ) : null}
      <Button kind="quiet" className="-mx-4" busy={signOut.isPending} onClick={() => signOut.mutate()}>
        {texts.signOut}
      </Button>
    </div>
  );
}
