import { useEffect, useState } from 'react';
import { useWords } from '../../app/language.tsx';
import { Choice, Field } from '../../parts/field.tsx';
import { type DocumentFilter, languages, statuses, types } from './route.ts';
import { words } from './words.ts';

const TYPING_MS = 300;

/** What the list shows, as the address has it. */
export function Filters({ filter, onChange }: { filter: DocumentFilter; onChange: (next: DocumentFilter) => void }) {
  const texts = useWords(words);
  const change = (name: keyof DocumentFilter, value: string) => {
    const { [name]: _, ...rest } = filter;
    onChange(value === '' ? rest : { ...rest, [name]: value });
  };
  const options = <Value extends string>(values: readonly Value[], named: Record<Value, string>) => [
    { value: '', text: texts.any },
    ...values.map((value) => ({ value, text: named[value] })),
  ];
  return (
    <search className="grid gap-3 sm:grid-cols-2 lg:grid-cols-4">
      <Query value={filter.query ?? ''} onChange={(value) => change('query', value)} />
      <Choice
        label={texts.status}
        value={filter.status ?? ''}
        options={options(statuses, texts.statuses)}
        onChoose={(value) => change('status', value)}
      />
      <Choice
        label={texts.type}
        value={filter.type ?? ''}
        options={options(types, texts.types)}
        onChoose={(value) => change('type', value)}
      />
      <Choice
        label={texts.language}
        value={filter.language ?? ''}
        options={options(languages, texts.languages)}
        onChoose={(value) => change('language', value)}
      />
    </search>
  );
}

/** The address changes when typing pauses, and what is typed follows the address. */
function Query({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const texts = useWords(words);
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is typed alone starts the wait
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => onChange(typed), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <Field
      label={texts.query}
      type="search"
      maxLength={200}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
    />
  );
}
