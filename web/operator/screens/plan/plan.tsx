import type { Schemas } from '@pandect/client';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useClient } from '../../../app/client.tsx';
import { useLanguage, useWords } from '../../../app/language.tsx';
import { useProblem } from '../../../app/problem.tsx';
import { Field } from '../../../parts/field.tsx';
import { Form } from '../../../parts/form.tsx';
import { formatMoney } from '../../../parts/money.ts';
import { Notice } from '../../../parts/notice.tsx';
import { Screen } from '../../../parts/screen.tsx';
import { Go } from '../../app/go.tsx';
import type { ScreenProps } from '../../app/screens.ts';
import { useChange } from '../../app/use-change.ts';
import {
  FigureFields,
  type FigureName,
  type ModelPolicy,
  readFigures,
  type TypedFigures,
  typedFigures,
} from '../../parts/plan-figures.tsx';
import { Read } from '../../parts/read.tsx';
import { words } from './words.ts';

type PlanRow = Schemas['AdministeredPlan'];

export default function Plan({ params: { tier = '' } }: ScreenProps) {
  const texts = useWords(words);
  const { api } = useClient();
  const [isSaved, setSaved] = useState(false);
  const plan = useQuery({
    queryKey: ['getPlan', tier],
    queryFn: async ({ signal }) =>
      (await api.GET('/api/admin/plans/{tier}', { signal, params: { path: { tier } } })).data,
    // What is typed is never replaced by what somebody else has changed.
    refetchOnWindowFocus: false,
  });
  return (
    <Screen heading={texts.heading(tier)}>
      <p>
        <Go to="/plans">{texts.back}</Go>
      </p>
      <p className="text-muted">{texts.about}</p>
      <Read query={plan}>
        {(data) => <PlanForm key={JSON.stringify(data)} plan={data} onSaved={() => setSaved(true)} />}
      </Read>
      {isSaved ? <Notice tone="ok">{texts.saved}</Notice> : null}
    </Screen>
  );
}

/** Starts again with what is read after it was saved. */
function PlanForm({ plan, onSaved }: { plan: PlanRow; onSaved: () => void }) {
  const texts = useWords(words);
  const { language } = useLanguage();
  const { api } = useClient();
  const problem = useProblem();
  const { tier, features, units } = plan;
  const [typed, setTyped] = useState<TypedFigures>(() => typedFigures(plan));
  const [own, setOwn] = useState({
    nameEn: plan.nameEn,
    nameRu: plan.nameRu,
    price: String(plan.price),
    reason: '',
  });
  const type = (change: Partial<typeof own>) => setOwn((before) => ({ ...before, ...change }));
  const change = useChange({
    act: (body: Omit<PlanRow, 'tier'> & { reason: string }, key) =>
      api.PUT('/api/admin/plans/{tier}', { params: { path: { tier } }, headers: { 'Idempotency-Key': key }, body }),
    stale: [['getPlan', tier], ['listPlans']],
    onDone: () => {
      type({ reason: '' });
      onSaved();
    },
  });
  const save = () => {
    problem.clear();
    const figures = readFigures(typed) as Record<FigureName, number> & { modelPolicy: ModelPolicy };
    const { price, reason, ...names } = own;
    const body = { ...figures, ...names, features, ...(units && { units }) };
    change.mutate({ ...body, price: Number(price), reason: reason.trim() }, { onError: problem.show });
  };
  const fields = (['nameRu', 'nameEn'] as const).map((name) => (
    <Field
      key={name}
      label={texts[name]}
      required
      maxLength={100}
      value={own[name]}
      error={problem.fields[name]}
      onChange={(event) => type({ [name]: event.currentTarget.value })}
    />
  ));
  return (
    <Form submit={texts.save} busy={change.isPending} message={problem.message} onSubmit={save}>
      <div className="grid gap-4 sm:grid-cols-2">
        {fields}
        <Field
          label={texts.price}
          hint={/^\d+$/.test(own.price) ? formatMoney(language, Number(own.price)) : undefined}
          required
          inputMode="numeric"
          pattern="[0-9]*"
          value={own.price}
          error={problem.fields.price}
          onChange={(event) => type({ price: event.currentTarget.value })}
        />
      </div>
      <FigureFields
        typed={typed}
        errors={problem.fields}
        onType={(changed) => setTyped((before) => ({ ...before, ...changed }))}
      />
      {units && units.length > 0 ? <p className="text-sm text-muted">{texts.units}</p> : null}
      <Field
        label={texts.reason}
        hint={texts.reasonHint}
        required
        maxLength={500}
        value={own.reason}
        error={problem.fields.reason}
        onChange={(event) => type({ reason: event.currentTarget.value })}
      />
    </Form>
  );
}
