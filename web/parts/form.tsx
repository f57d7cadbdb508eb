import type { FormEvent, ReactNode } from 'react';
import { Button } from './button.tsx';
import { Notice } from './notice.tsx';

/** A form with one button. What was typed stays when sending fails. */
export function Form({
  submit,
  busy,
  disabled = false,
  message,
  onSubmit,
  children,
}: {
  submit: string;
  busy: boolean;
  disabled?: boolean;
  /** What is wrong with the form as a whole. */
  message?: ReactNode;
  /** Gets what the named fields hold. */
  onSubmit: (values: Record<string, string>) => void;
  children: ReactNode;
}) {
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const values = [...new FormData(event.currentTarget)].map(([name, value]) => [name, String(value)]);
    if (!busy && !disabled) onSubmit(Object.fromEntries(values));
  };
  return (
    <form className="grid gap-4" onSubmit={send}>
      {message ? <Notice tone="danger">{message}</Notice> : null}
      {children}
      <Button type="submit" busy={busy} disabled={disabled}>
        {submit}
      </Button>
    </form>
  );
}
