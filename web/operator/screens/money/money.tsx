import { useWords } from '../../../app/language.tsx';
import { Screen } from '../../../parts/screen.tsx';
import { Books, Margin } from './margin.tsx';
import { Payments } from './payments.tsx';
import { words } from './words.ts';

export default function Money() {
  const texts = useWords(words);
  return (
    <Screen heading={texts.heading} wide>
      <Payments />
      <Margin />
      <Books />
    </Screen>
  );
}
