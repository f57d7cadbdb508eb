import { ProblemError } from '@pandect/client';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useClient } from '../../app/client.tsx';
import { useWords } from '../../app/language.tsx';
import { useKnownEmail, useReloadMe } from '../../app/me.ts';
import { useProblem } from '../../app/problem.tsx';
import { Form } from '../../parts/form.tsx';
import { Notice } from '../../parts/notice.tsx';
import { PasswordField } from '../../parts/password-field.tsx';
import { words } from './words.ts';

export function PasswordSection() {
  const texts = useWords(words);
  const { api, session } = useClient();
  const reload = useReloadMe();
  const email = useKnownEmail();
  const problem = useProblem();
  const [round, setRound] = useState(0);
  const change = useMutation({
    async mutationFn({ current = '', password = '', revoke }: Record<string, string>) {
      const body = { current, password, revokeKeys: revoke !== undefined };
      const params = { header: { 'pandect-session': 'cookie' as const } };
      await session.adopt((await api.POST('/api/auth/change-password', { params, body })).data);
    },
    onMutate: problem.clear,
    async onSuccess() {
      setRound(round + 1);
      await reload();
    },
    onError(error) {
      if (error instanceof ProblemError && error.is('invalid-credentials')) problem.say(texts.wrong);
      else problem.show(error);
    },
  });
  return (
    <section className="grid gap-4" aria-labelledby="password">
      <h2 id="password">{texts.password}</h2>
      {change.isSuccess ? <Notice tone="ok">{texts.changed}</Notice> : null}
      <Form
        key={round}
        submit={texts.change}
        busy={change.isPending}
        message={problem.message}
        onSubmit={change.mutate}
      >
        <input type="hidden" name="username" autoComplete="username" value={email ?? ''} />
        <PasswordField name="current" label={texts.current} />
        <PasswordField name="password" label={texts.next} isNew refused={'password' in problem.fields} />
        <label className="flex items-center gap-2 text-sm">
          <input type="checkbox" name="revoke" />
          {texts.revoke}
        </label>
      </Form>
    </section>
  );
}
