import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useClient } from '../../app/client.tsx';
import { useWords } from '../../app/language.tsx';
import { OutsideScreen } from '../../app/outside/screen.tsx';
import { useProblem } from '../../app/problem.tsx';
import { Button } from '../../parts/button.tsx';
import { EmailField } from '../../parts/email-field.tsx';
import { Form } from '../../parts/form.tsx';
import { Notice } from '../../parts/notice.tsx';
import { words } from './words.ts';

export default function ForgotPassword() {
  const texts = useWords(words);
  const { api } = useClient();
  const problem = useProblem();
  const send = useMutation({
    async mutationFn({ email = '' }: Record<string, string>) {
      await api.POST('/api/auth/forgot-password', { body: { email } });
      return email;
    },
    onMutate: problem.clear,
    onError: problem.show,
  });
  return (
    <OutsideScreen heading={texts.heading}>
      {send.isSuccess ? (
        <>
          <Notice tone="ok">{texts.sent(send.data)}</Notice>
          <p className="text-sm text-muted">{texts.spam}</p>
          <Button kind="secondary" onClick={send.reset}>
            {texts.again}
          </Button>
        </>
      ) : (
        <>
          <p>{texts.explain}</p>
          <Form submit={texts.submit} busy={send.isPending} message={problem.message} onSubmit={send.mutate}>
            <EmailField refused={'email' in problem.fields} />
          </Form>
        </>
      )}
      <p className="text-sm">
        <Link to="/sign-in">{texts.back}</Link>
      </p>
    </OutsideScreen>
  );
}
