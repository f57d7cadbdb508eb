import type { Tokens } from '@pandect/client';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { EmailField } from '../../parts/email-field.tsx';
import { Field } from '../../parts/field.tsx';
import { Form } from '../../parts/form.tsx';
import { PasswordField } from '../../parts/password-field.tsx';
import { useClient } from '../client.tsx';
import { useWords } from '../language.tsx';
import { useProblem } from '../problem.tsx';

const words = {
  en: {
    organization: 'Organization',
    hint: 'As your colleagues know it. You can change it later.',
    refused: 'Enter a name with at most 200 characters.',
    password: 'Password',
    email: 'You sign in with this address and get e-mails there.',
  },
  ru: {
    organization: 'Организация',
    hint: 'Название, которое знакомо коллегам. Его можно изменить позже.',
    refused: 'Укажите название не длиннее 200 символов.',
    password: 'Пароль',
    email: 'По этому адресу Вы будете входить и получать письма.',
  },
};

export interface NewOwner {
  organization: string;
  email: string;
  password: string;
}

/** Asks for an organization and its owner, and signs them in. @param create makes them */
export function OwnerForm({ submit, create }: { submit: string; create: (owner: NewOwner) => Promise<Tokens> }) {
  const texts = useWords(words);
  const { session } = useClient();
  const navigate = useNavigate();
  const problem = useProblem();
  const register = useMutation({
    mutationFn: async ({ organization = '', email = '', password = '' }: Record<string, string>) =>
      session.adopt(await create({ organization, email, password })),
    onMutate: problem.clear,
    onSuccess: () => navigate({ to: '/', replace: true }),
    onError: problem.show,
  });
  const wrong = (field: string) => field in problem.fields;
  return (
    <Form submit={submit} busy={register.isPending} message={problem.message} onSubmit={register.mutate}>
      <Field
        name="organization"
        label={texts.organization}
        hint={texts.hint}
        error={wrong('organization') ? texts.refused : undefined}
        required
        maxLength={200}
        autoComplete="organization"
      />
      <EmailField hint={texts.email} refused={wrong('email')} />
      <PasswordField name="password" label={texts.password} isNew refused={wrong('password')} />
    </Form>
  );
}
