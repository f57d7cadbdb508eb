import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useClient } from '../../app/client.tsx';
import { type Language, useLanguage, useWords } from '../../app/language.tsx';
import { isAtLeast, type Role, roleOrder } from '../../app/me.ts';
import { useProblem } from '../../app/problem.tsx';
import { roles } from '../../app/roles.ts';
import { Button } from '../../parts/button.tsx';
import { Choice, Field } from '../../parts/field.tsx';
import { Notice } from '../../parts/notice.tsx';
import { words } from './words.ts';

/** Invites a person up to one's own role. */
export function InviteForm({ upTo }: { upTo: Role }) {
  const texts = useWords(words);
  const named = useWords(roles);
  const { language } = useLanguage();
  const { api } = useClient();
  const queries = useQueryClient();
  const problem = useProblem();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('member');
  const [tongue, setTongue] = useState<Language>(language);
  const invite = useMutation({
    mutationFn: () =>
      api.POST('/api/organization/invitations', {
        params: { header: { 'idempotency-key': crypto.randomUUID() } },
        body: { email: email.trim(), role, language: tongue },
      }),
    async onSuccess() {
      setEmail('');
      await queries.invalidateQueries({ queryKey: ['listInvitations'] });
    },
    onError: problem.show,
    onMutate: problem.clear,
  });
  return (
    <section className="grid gap-3">
      <h2>{texts.invite}</h2>
      <form
        className="grid items-start gap-4 sm:grid-cols-3"
        onSubmit={(event) => {
          event.preventDefault();
          invite.mutate();
        }}
      >
        <Field
          label={texts.address}
          type="email"
          required
          maxLength={254}
          autoComplete="off"
          value={email}
          error={problem.fields.email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <Choice
          label={texts.role}
          value={role}
          hint={named[role].may}
          error={problem.fields.role}
          options={roleOrder.filter((one) => isAtLeast(upTo, one)).map((value) => ({ value, text: named[value].name }))}
          onChoose={setRole}
        />
        <Choice
          label={texts.language}
          value={tongue}
          options={[
            { value: 'ru', text: 'Русский' },
            { value: 'en', text: 'English' },
          ]}
          onChoose={setTongue}
        />
        <Button type="submit" className="justify-self-start" busy={invite.isPending}>
          {texts.send}
        </Button>
      </form>
      {problem.message ? <Notice tone="danger">{problem.message}</Notice> : null}
      {invite.isSuccess ? <Notice tone="ok">{texts.sent(invite.data.data.email)}</Notice> : null}
    </section>
  );
}
