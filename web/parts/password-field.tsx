import { type InputHTMLAttributes, useState } from 'react';
import { useWords } from '../app/language.tsx';
import { Field } from './field.tsx';

const words = {
  en: {
    show: 'Show the password',
    rule: 'At least 8 characters. Choose one that you use nowhere else.',
    refused: 'Choose another password with 8 to 256 characters.',
  },
  ru: {
    show: 'Показать пароль',
    rule: 'Не менее 8 символов. Не используйте пароль от других сервисов.',
    refused: 'Выберите другой пароль: от 8 до 256 символов.',
  },
};

/** A password that can be shown. A new one says what it must be. */
export function PasswordField({
  label,
  isNew = false,
  refused = false,
  ...input
}: InputHTMLAttributes<HTMLInputElement> & { label: string; isNew?: boolean; refused?: boolean }) {
  const texts = useWords(words);
  const [shown, setShown] = useState(false);
  return (
    <div className="grid gap-1">
      <Field
        {...input}
        label={label}
        type={shown ? 'text' : 'password'}
        required
        minLength={isNew ? 8 : undefined}
        maxLength={256}
        autoComplete={isNew ? 'new-password' : 'current-password'}
        autoCapitalize="none"
        spellCheck={false}
        hint={isNew ? texts.rule : undefined}
        error={refused ? texts.refused : undefined}
      />
      <label className="flex items-center gap-2 justify-self-start text-sm text-muted">
        <input type="checkbox" checked={shown} onChange={(event) => setShown(event.currentTarget.checked)} />
        {texts.show}
      </label>
    </div>
  );
}
