import { ProblemError } from '@pandect/client';
import { useMutation } from '@tanstack/react-query';
import { EmailField } from '../../parts/email-field.tsx';
import { Form } from '../../parts/form.tsx';
import { PasswordField } from '../../parts/password-field.tsx';
import { useClient } from '../client.tsx';
import { useLanguage, useWords } from '../language.tsx';
import { plural } from '../plural.ts';
import { useProblem } from '../problem.tsx';
import { useWait } from './wait.ts';

const words = {
  en: {
    password: 'Password',
    submit: 'Sign in',
    wrong: 'The e-mail or the password is wrong.',
    wait: (time: string) => `Too many wrong passwords. Try again in ${time}.`,
    seconds: { one: 'second', other: 'seconds' },
  },
  ru: {
    password: 'Пароль',
    submit: 'Войти',
    wrong: 'Неверный адрес электронной почты или пароль.',
    wait: (time: string) => `Слишком много неверных паролей. Повторите через ${time}.`,
    seconds: { one: 'секунду', few: 'секунды', many: 'секунд', other: 'секунды' },
  },
};

/** Asks for address and password. @param email of the one person who may sign in here; anybody unless given */
export function SignInForm({ email, onDone }: { email?: string | undefined; onDone?: () => void }) {
  const texts = useWords(words);
  const { language } = useLanguage();
  const { session } = useClient();
  const problem = useProblem();
  const wait = useWait();
  const signIn = useMutation({
    mutationFn: (values: Record<string, string>) =>
      session.signIn({ email: email ?? values.email ?? '', password: values.password ?? '' }),
    onMutate: problem.clear,
    onSuccess: () => onDone?.(),
    onError(error) {
      if (error instanceof ProblemError && error.is('too-many-sign-ins')) wait.start(Number(error.problem.seconds));
      else if (error instanceof ProblemError && error.is('invalid-credentials')) problem.say(texts.wrong);
      else problem.show(error);
    },
  });
  const message = wait.left > 0 ? texts.wait(plural(language, wait.left, texts.seconds)) : problem.message;
  return (
    <Form
      submit={texts.submit}
      busy={signIn.isPending}
      disabled={wait.left > 0}
      message={message}
      onSubmit={(values) => signIn.mutate(values)}
    >
      {email === undefined ? (
        <EmailField refused={'email' in problem.fields} />
      ) : (
        <input type="hidden" name="email" autoComplete="username" value={email} />
      )}
      <PasswordField name="password" label={texts.password} />
    </Form>
  );
}
