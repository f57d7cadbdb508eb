import { ProblemError } from '@pandect/client';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useClient } from '../../app/client.tsx';
import { useLanguage, useWords } from '../../app/language.tsx';
import { CodeField } from '../../app/outside/code-field.tsx';
import { describeEnded } from '../../app/outside/ended-access.ts';
import { useLetterToken } from '../../app/outside/letter-token.ts';
import { OutsideScreen } from '../../app/outside/screen.tsx';
import { Failure } from '../../app/problem.tsx';
import { Form } from '../../parts/form.tsx';
import { Notice } from '../../parts/notice.tsx';
import { words } from './words.ts';

export default function ConfirmEmail() {
  const token = useLetterToken();
  return <Confirmation key={token} token={token} />;
}

/** Uses the token once, when it is shown. */
function Confirmation({ token }: { token: string | undefined }) {
  const texts = useWords(words);
  const confirm = useConfirmation();
  const begun = useRef(false);
  const { mutate } = confirm;
  useEffect(() => {
    if (token === undefined || begun.current) return;
    begun.current = true;
    mutate(token);
  }, [token, mutate]);
  return (
    <OutsideScreen heading={texts.heading}>
      {confirm.isSuccess ? (
        <Done {...confirm.data} />
      ) : confirm.isError ? (
        <Refused error={confirm.error} onRetry={() => mutate(confirm.variables)} />
      ) : token !== undefined ? (
        <p role="status">{texts.working}</p>
      ) : (
        <Form submit={texts.submit} busy={confirm.isPending} onSubmit={(values) => mutate(values.token ?? '')}>
          <CodeField />
        </Form>
      )}
    </OutsideScreen>
  );
}

function useConfirmation() {
  const { api, session } = useClient();
  return useMutation({
    async mutationFn(token: string) {
      const { data: ended } = await api.POST('/api/auth/confirm-email', { body: { token: token.trim() } });
      // It may have ended the session of this device too, or this device may belong to somebody else.
      const signedIn = await session.restore().catch(() => false);
      return { ended, signedIn };
    },
  });
}

function Done({ ended, signedIn }: { ended: { sessions: number; keys: number }; signedIn: boolean }) {
  const texts = useWords(words);
  const { language } = useLanguage();
  const count = describeEnded(language, ended);
  return (
    <>
      <Notice tone="ok">{texts.done}</Notice>
      {count === undefined ? null : (
        <p className="text-sm text-muted">
          {texts.ended} {count}
        </p>
      )}
      <p>{signedIn ? <Link to="/">{texts.go}</Link> : <Link to="/sign-in">{texts.signIn}</Link>}</p>
    </>
  );
}

function Refused({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const texts = useWords(words);
  const isRefused = error instanceof ProblemError && (error.is('invalid-email-token') || error.is('invalid-request'));
  if (!isRefused) return <Failure error={error} onRetry={onRetry} />;
  return (
    <>
      <Notice tone="danger">{texts.failed}</Notice>
      <p>{texts.used}</p>
      <p>{texts.another}</p>
      <p>
        <Link to="/sign-in">{texts.signIn}</Link>
      </p>
    </>
  );
}
