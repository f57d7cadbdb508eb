import { ProblemError } from '@pandect/client';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useClient } from '../../app/client.tsx';
import { useLanguage, useWords } from '../../app/language.tsx';
import { CodeField } from '../../app/outside/code-field.tsx';
import { describeEnded } from '../../app/outside/ended-access.ts';
import { useLetterToken } from '../../app/outside/letter-token.ts';
import { OutsideScreen } from '../../app/outside/screen.tsx';
import { useProblem } from '../../app/problem.tsx';
import { Form } from '../../parts/form.tsx';
import { Notice } from '../../parts/notice.tsx';
import { PasswordField } from '../../parts/password-field.tsx';
import { words } from './words.ts';

export default function ResetPassword() {
  const token = useLetterToken();
  return <NewPassword key={token} token={token} />;
}

function NewPassword({ token }: { token: string | undefined }) {
  const texts = useWords(words);
  const { language } = useLanguage();
  const { api } = useClient();
  const problem = useProblem();
  const reset = useMutation({
    async mutationFn({ token: typed = '', password = '' }: Record<string, string>) {
      const body = { token: token ?? typed.trim(), password };
      return (await api.POST('/api/auth/reset-password', { body })).data;
    },
    onMutate: problem.clear,
    onError(error) {
      if (error instanceof ProblemError && error.is('invalid-email-token')) problem.say(texts.failed);
      else problem.show(error);
    },
  });
  if (reset.isSuccess) {
    return (
      <OutsideScreen heading={texts.heading}>
        <Notice tone="ok">
          {texts.done} {describeEnded(language, reset.data)}
        </Notice>
        <p>
          <Link to="/sign-in">{texts.signIn}</Link>
        </p>
      </OutsideScreen>
    );
  }
  return (
    <OutsideScreen heading={texts.heading}>
      <p>{texts.explain}</p>
      <Form submit={texts.submit} busy={reset.isPending} message={problem.message} onSubmit={reset.mutate}>
        {token === undefined ? <CodeField /> : null}
        <PasswordField name="password" label={texts.password} isNew refused={'password' in problem.fields} />
      </Form>
      <p className="text-sm">
        <Link to="/forgot-password">{texts.another}</Link>
      </p>
    </OutsideScreen>
  );
}
