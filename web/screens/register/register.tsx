import { Link } from '@tanstack/react-router';
import { useClient } from '../../app/client.tsx';
import { useWords } from '../../app/language.tsx';
import { OwnerForm } from '../../app/outside/owner-form.tsx';
import { OutsideScreen } from '../../app/outside/screen.tsx';
import { words } from './words.ts';

export default function Register() {
  const texts = useWords(words);
  const { api } = useClient();
  return (
    <OutsideScreen heading={texts.heading}>
      <p>{texts.explain}</p>
      <OwnerForm
        submit={texts.submit}
        create={async (owner) => (await api.POST('/api/auth/register', { body: owner })).data}
      />
      <p className="text-sm">
        <Link to="/sign-in">{texts.known}</Link>
      </p>
    </OutsideScreen>
  );
}
