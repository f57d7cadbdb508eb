import type { InputHTMLAttributes } from 'react';
import { useWords } from '../app/language.tsx';
import { Field } from './field.tsx';

const words = {
  en: { label: 'E-mail', refused: 'Enter an address such as anna@example.org.' },
  ru: { label: 'Электронная почта', refused: 'Укажите адрес, например anna@example.ru.' },
};

export function EmailField({
  hint,
  refused = false,
  ...input
}: InputHTMLAttributes<HTMLInputElement> & { hint?: string; refused?: boolean }) {
  const texts = useWords(words);
  return (
    <Field
      autoComplete="username"
      {...input}
      label={texts.label}
      name="email"
      type="email"
      required
      maxLength={254}
      autoCapitalize="none"
      spellCheck={false}
      hint={hint}
      error={refused ? texts.refused : undefined}
    />
  );
}
