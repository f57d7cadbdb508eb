import { type InputHTMLAttributes, type ReactNode, useId } from 'react';

interface Described {
  label: string;
  /** One sentence below the label. */
  hint?: ReactNode;
  /** What is wrong with the value, if anything. */
  error?: string | undefined;
}

const box = 'w-full rounded-md border border-line bg-surface px-3 py-2 text-ink aria-invalid:border-danger';

/** A labelled line of text with its hint and its error, both announced with it. */
export function Field({
  label,
  hint,
  error,
  className = '',
  ...input
}: Described & InputHTMLAttributes<HTMLInputElement>) {
  const id = useId();
  return (
    <div className="grid gap-1">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <input
        {...input}
        id={id}
        aria-invalid={error ? true : undefined}
        aria-describedby={hint || error ? `${id}-about` : undefined}
        className={`${box} ${className}`}
      />
      <About id={id} hint={hint} error={error} />
    </div>
  );
}

/** A labelled choice of one of a few values. */
export function Choice<Value extends string>({
  label,
  hint,
  error,
  value,
  options,
  onChoose,
  disabled = false,
}: Described & {
  value: Value;
  options: { value: Value; text: string }[];
  onChoose: (value: Value) => void;
  disabled?: boolean;
}) {
  const id = useId();
  return (
    <div className="grid gap-1">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <select
        id={id}
        value={value}
        disabled={disabled}
        aria-describedby={hint || error ? `${id}-about` : undefined}
        className={box}
        onChange={(event) => onChoose(event.currentTarget.value as Value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
      <About id={id} hint={hint} error={error} />
    </div>
  );
}

function About({ id, hint, error }: { id: string; hint: ReactNode; error: string | undefined }) {
  if (!hint && !error) return null;
  return (
    <p id={`${id}-about`} className={`text-sm ${error ? 'text-danger' : 'text-muted'}`}>
      {error ?? hint}
    </p>
  );
}
