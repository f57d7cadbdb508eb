import { ProblemError } from '@pandect/client';
import { createContext, type ReactNode, use, useState, useSyncExternalStore } from 'react';
import { useWords } from '../../app/language.tsx';
import { useKnownEmail } from '../../app/me.ts';
import { createPrompt, type Prompt } from '../../app/session/prompt.ts';
import { SignInForm } from '../../app/session/sign-in-form.tsx';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';

const words = {
  en: {
    heading: 'Confirm that it is you',
    explain: (email: string | undefined) =>
      `Changes need a password that was entered within the last ten minutes. Enter yours${email ? ` for ${email}` : ''}; the change then continues.`,
    cancel: 'Cancel the change',
  },
  ru: {
    heading: 'Подтвердите, что это Вы',
    explain: (email: string | undefined) =>
      `Для изменений пароль должен быть введён не ранее чем десять минут назад. Введите пароль${email ? ` для ${email}` : ''}, и изменение продолжится.`,
    cancel: 'Отменить изменение',
  },
};

const Current = createContext<Prompt | undefined>(undefined);

export function FreshSignInProvider({ children }: { children: ReactNode }) {
  const [prompt] = useState(createPrompt);
  return <Current value={prompt}>{children}</Current>;
}

function usePrompt(): Prompt {
  const prompt = use(Current);
  if (!prompt) throw new Error('Use fresh sign-in: the component is outside of FreshSignInProvider');
  return prompt;
}

/**
 * Does a change that the API may refuse until the password was entered again: then it asks for it over the page and does the same
 * once more. What was refused is thrown when the person would rather not.
 */
export function useWithFreshSignIn(): <Result>(act: () => Promise<Result>) => Promise<Result> {
  const prompt = usePrompt();
  return async (act) => {
    try {
      return await act();
    } catch (error) {
      const isRefused = error instanceof ProblemError && error.is('fresh-sign-in-needed');
      if (!isRefused || !(await prompt.ask())) throw error;
      return act();
    }
  };
}

/** The question for the password, over whatever is on the page. */
export function FreshSignIn() {
  const texts = useWords(words);
  const prompt = usePrompt();
  const open = useSyncExternalStore(prompt.subscribe, () => prompt.open);
  const email = useKnownEmail();
  return (
    <Dialog open={open} heading={texts.heading} onClose={() => prompt.answer(false)}>
      <p>{texts.explain(email)}</p>
      <SignInForm email={email} onDone={() => prompt.answer(true)} />
      <Button kind="secondary" onClick={() => prompt.answer(false)}>
        {texts.cancel}
      </Button>
    </Dialog>
  );
}
