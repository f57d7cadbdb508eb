import type { Schemas } from '@pandect/client';
import { useState } from 'react';
import { useClient } from '../../../app/client.tsx';
import { useWords } from '../../../app/language.tsx';
import { useProblem } from '../../../app/problem.tsx';
import { Field } from '../../../parts/field.tsx';
import { Form } from '../../../parts/form.tsx';
import { useChange } from '../../app/use-change.ts';
import { words } from './words.ts';

type Price = Schemas['ModelPrice'];
export type PriceName = Exclude<keyof Price, 'model' | 'validFrom' | 'aboveTokens'>;

/** For a million tokens; the first three have to be given. */
const perMillion = ['prompt', 'completion', 'cached', 'cacheWrite', 'reasoning'] as const;
const perOne = ['image', 'second', 'request'] as const;
const needed: readonly PriceName[] = ['prompt', 'completion', 'cached'];

/** Adds what a model costs from a time on. */
export function PriceForm({ onClose }: { onClose: () => void }) {
  const texts = useWords(words);
  const { api } = useClient();
  const problem = useProblem();
  const [typed, setTyped] = useState<Record<string, string>>({ aboveTokens: '0' });
  const change = useChange({
    act: (body: Price & { reason: string }, key) =>
      api.POST('/api/admin/prices', { headers: { 'Idempotency-Key': key }, body }),
    stale: [['listModelPrices']],
    onDone: onClose,
  });
  const field = (name: string, label: string, more: Partial<Parameters<typeof Field>[0]> = {}) => (
    <Field
      key={name}
      {...more}
      label={label}
      value={typed[name] ?? ''}
      error={problem.fields[name]}
      onChange={(event) => {
        const { value } = event.currentTarget;
        setTyped((before) => ({ ...before, [name]: value }));
      }}
    />
  );
  const amount = (name: PriceName) => {
    const isNeeded = needed.includes(name);
    return field(name, texts.names[name], {
      inputMode: 'decimal',
      required: isNeeded,
      ...(isNeeded ? {} : { hint: texts.mayBeEmpty }),
    });
  };
  return (
    <Form
      submit={texts.save}
      busy={change.isPending}
      message={problem.message}
      onSubmit={() => {
        problem.clear();
        change.mutate(bodyOf(typed), { onError: problem.show });
      }}
    >
      {field('model', texts.model, { required: true, maxLength: 200, hint: texts.modelHint })}
      <div className="grid gap-4 sm:grid-cols-2">
        {field('validFrom', texts.validFrom, { type: 'datetime-local', hint: texts.now })}
        {field('aboveTokens', texts.above, { inputMode: 'numeric', pattern: '[0-9]*', hint: texts.aboveHint })}
      </div>
      <fieldset className="grid gap-4 sm:grid-cols-2">
        <legend className="pb-2 text-sm font-medium">{texts.perMillion}</legend>
        {perMillion.map(amount)}
      </fieldset>
      <fieldset className="grid gap-4 sm:grid-cols-2">
        <legend className="pb-2 text-sm font-medium">{texts.perOne}</legend>
        {perOne.map(amount)}
      </fieldset>
      {field('reason', texts.reason, { required: true, maxLength: 500 })}
    </Form>
  );
}

/** A comma is as good as a point. */
function bodyOf(typed: Record<string, string>) {
  const text = (name: string) => typed[name]?.trim().replace(',', '.') ?? '';
  const amounts = Object.fromEntries([...perMillion, ...perOne].map((name) => [name, text(name) || null]));
  return {
    ...(amounts as Record<PriceName, string>),
    model: typed.model?.trim() ?? '',
    aboveTokens: Number(text('aboveTokens')),
    ...(typed.validFrom ? { validFrom: new Date(typed.validFrom).toISOString() } : {}),
    reason: typed.reason?.trim() ?? '',
  } as Price & { reason: string };
}
