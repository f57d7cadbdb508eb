import { Field } from '../../parts/field.tsx';
import { useWords } from '../language.tsx';

const words = {
  en: { label: 'Code from the letter', hint: 'It stands at the end of the letter. The link enters it by itself.' },
  ru: { label: 'Код из письма', hint: 'Он указан в конце письма. При переходе по ссылке код подставляется сам.' },
};

/** For those whose link did not open: the same token, typed. */
export function CodeField() {
  const texts = useWords(words);
  return (
    <Field
      name="token"
      label={texts.label}
      hint={texts.hint}
      required
      maxLength={512}
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
    />
  );
}
