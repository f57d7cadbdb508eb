import { Field } from '../../parts/field.tsx';
import { useWords } from '../language.tsx';

const words = {
  en: { label: 'Code from the e-mail', hint: 'It is at the end of the e-mail. The link fills it in for you.' },
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
