import { type InputHTMLAttributes, useEffect, useState } from 'react';
import { Field } from '../../parts/field.tsx';

const TYPING_MS = 250;

/** A filter that is typed; it applies once the typing rests, and follows the address when that changes otherwise. */
export function FilterField({
  value,
  onFilter,
  ...field
}: { label: string; hint?: string; value: string; onFilter: (value: string) => void } & Omit<
  InputHTMLAttributes<HTMLInputElement>,
  'value' | 'onChange'
>) {
  const [typed, setTyped] = useState(value);
  const [known, setKnown] = useState(value);
  if (value !== known) {
    setKnown(value);
    if (value !== typed.trim()) setTyped(value);
  }
  useEffect(() => {
    if (typed.trim() === value) return;
    const timer = setTimeout(() => onFilter(typed.trim()), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed, value, onFilter]);
  return (
    <Field
      {...field}
      type="search"
      autoComplete="off"
      spellCheck={false}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
    />
  );
}
