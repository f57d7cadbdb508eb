import { useEffect, useRef } from 'react';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { useClient, useSessionState, useSignInPrompt } from '../client.tsx';
import { useWords } from '../language.tsx';
import { useKnownEmail } from '../me.ts';
import { SignInForm } from './sign-in-form.tsx';

const words = {
  en: {
    heading: 'Your session has ended',
    explain: (email: string | undefined) =>
      `Enter your password${email ? ` for ${email}` : ''} to continue. Everything on the page stays as it is.`,
    later: 'Not now',
    bar: 'Your session has ended. What you typed is kept.',
    signIn: 'Sign in',
  },
  ru: {
    heading: 'Сеанс завершён',
    explain: (email: string | undefined) =>
      `Чтобы продолжить, введите пароль${email ? ` для ${email}` : ''}. Всё, что есть на странице, сохранится.`,
    later: 'Не сейчас',
    bar: 'Сеанс завершён. Введённый текст сохранён.',
    signIn: 'Войти',
  },
};

/** Asks for the password over the page when the session ends while somebody works; what waits for it is then sent. */
export function SignInAgain() {
  const texts = useWords(words);
  const { prompt, open } = useSignInPrompt();
  const { session } = useClient();
  const state = useSessionState();
  const email = useKnownEmail();
  const person = useRef<string>(undefined);
  useEffect(() => {
    // In this dialog or in another tab. What waits is never sent for somebody else.
    if (state === 'signed-in') {
      prompt.answer(person.current === undefined || person.current === session.userId);
      person.current = session.userId;
    }
    if (state === 'signed-out') prompt.answer(false);
  }, [state, prompt, session]);
  return (
    <>
      <div role="status">
        {state === 'expired' && !open ? (
          <p className="flex flex-wrap items-center justify-center gap-3 bg-warn-soft px-4 py-1 text-sm text-warn">
            {texts.bar}
            <Button kind="quiet" onClick={() => void prompt.ask()}>
              {texts.signIn}
            </Button>
          </p>
        ) : null}
      </div>
      <Dialog open={open} heading={texts.heading} onClose={() => prompt.answer(session.state === 'signed-in')}>
        <p>{texts.explain(email)}</p>
        <SignInForm email={email} />
        <Button kind="secondary" onClick={() => prompt.answer(false)}>
          {texts.later}
        </Button>
      </Dialog>
    </>
  );
}
