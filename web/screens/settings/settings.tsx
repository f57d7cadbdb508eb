import { useWords } from '../../app/language.tsx';
import { Screen } from '../../parts/screen.tsx';
import { AppearanceSection } from './appearance.tsx';
import { PasswordSection } from './password.tsx';
import { SessionsSection } from './sessions.tsx';
import { words } from './words.ts';

export default function Settings() {
  const texts = useWords(words);
  return (
    <Screen heading={texts.heading}>
      <AppearanceSection />
      <PasswordSection />
      <SessionsSection />
    </Screen>
  );
}
