import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useWords } from '../../app/language.tsx';
import { OutsideScreen } from '../../app/outside/screen.tsx';
import { SignInForm } from '../../app/session/sign-in-form.tsx';
import { words } from './words.ts';

export default function SignIn() {
  const texts = useWords(words);
  const { next = '/' } = useSearch({ from: '/outside/sign-in' });
  const navigate = useNavigate();
  return (
    <OutsideScreen heading={texts.heading}>
      <SignInForm onDone={() => void navigate({ href: next, replace: true })} />
      <ul className="grid gap-2 text-sm">
        <li>
          <Link to="/forgot-password">{texts.forgot}</Link>
        </li>
        <li>
          <Link to="/register">{texts.register}</Link>
        </li>
      </ul>
      <p className="text-sm text-muted">{texts.invited}</p>
    </OutsideScreen>
  );
}
