import { ProblemError } from '@pandect/client';
import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useClient } from '../../app/client.tsx';
import { useWords } from '../../app/language.tsx';
import { CodeField } from '../../app/outside/code-field.tsx';
import { useProblem } from '../../app/problem.tsx';
import { EmailField } from '../../parts/email-field.tsx';
import { Form } from '../../parts/form.tsx';
import { PasswordField } from '../../parts/password-field.tsx';
import { words } from './words.ts';

/** @param token of the letter; without one the code is asked for */
export function JoinForm({ token }: { token: string | undefined }) {
  const texts = useWords(words);
  const { api, session } = useClient();
  const navigate = useNavigate();
  const problem = useProblem();
  const join = useMutation({
    async mutationFn({ token: typed = '', email = '', password = '' }: Record<string, string>) {
      const body = { token: token ?? typed.trim(), email, password };
      await session.adopt((await api.POST('/api/auth/accept-invitation', { body })).data);
    },
    onMutate: problem.clear,
    onSuccess: () => navigate({ to: '/', replace: true }),
    onError: problem.show,
  });
  return (
    <>
      <p>{texts.explain}</p>
      <Form
        submit={texts.submit}
        busy={join.isPending}
        message={explained(join.error, texts) ?? problem.message}
        onSubmit={join.mutate}
      >
        {token === undefined ? <CodeField /> : null}
        <EmailField hint={texts.email} refused={'email' in problem.fields} />
        <PasswordField name="password" label={texts.password} isNew refused={'password' in problem.fields} />
      </Form>
    </>
  );
}

/** What the person can do about a refusal; undefined where the server's words say it. */
function explained(error: unknown, texts: (typeof words)['en']): ReactNode {
  if (!(error instanceof ProblemError)) return undefined;
  if (error.is('plan-limit-reached')) return texts.full;
  if (error.is('email-taken')) {
    return (
      <>
        {texts.taken} <Link to="/sign-in">{texts.signIn}</Link>
      </>
    );
  }
  if (!error.is('invalid-invitation')) return undefined;
  return (
    <div className="grid gap-2">
      <p>{texts.refused}</p>
      <ul className="list-disc pl-5">
        {texts.causes.map((cause) => (
          <li key={cause}>{cause}</li>
        ))}
      </ul>
      <p>{texts.ask}</p>
    </div>
  );
}
