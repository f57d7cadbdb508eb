import type { Schemas } from '@pandect/client';
import { useState } from 'react';
import { useClient } from '../../../app/client.tsx';
import { useWords } from '../../../app/language.tsx';
import { useProblem } from '../../../app/problem.tsx';
import { Field } from '../../../parts/field.tsx';
import { Form } from '../../../parts/form.tsx';
import { useChange } from '../../app/use-change.ts';
import { FigureFields, readFigures, type TypedFigures, typedFigures } from '../../parts/plan-figures.tsx';
import { words } from './words.ts';

type Detail = Schemas['AdministeredOrganizationDetail'];

/** Gives one organization other figures than its plan's. */
export function OverridesForm({ organization, onClose }: { organization: Detail; onClose: () => void }) {
  const texts = useWords(words);
  const { api } = useClient();
  const problem = useProblem();
  const { id, plan, overrides } = organization;
  const [typed, setTyped] = useState<TypedFigures>(() => typedFigures(overrides));
  const [reason, setReason] = useState('');
  const units = overrides.units ?? [];
  const change = useChange({
    act: (body: Schemas['PlanOverrides'] & { reason: string }, key) =>
      api.PUT('/api/admin/organizations/{id}/overrides', {
        params: { path: { id } },
        headers: { 'Idempotency-Key': key },
        body,
      }),
    stale: [['getAdministeredOrganization', id]],
    onDone: onClose,
  });
  return (
    <Form
      submit={texts.save}
      busy={change.isPending}
      message={problem.message}
      onSubmit={() => {
        problem.clear();
        change.mutate({ ...readFigures(typed), units, reason: reason.trim() }, { onError: problem.show });
      }}
    >
      <p className="text-sm text-muted">
        {texts.overridesText} {units.length > 0 ? texts.unitsKept : ''}
      </p>
      <FigureFields
        typed={typed}
        errors={problem.fields}
        planned={plan}
        onType={(changed) => setTyped((before) => ({ ...before, ...changed }))}
      />
      <Field
        label={texts.reason}
        required
        maxLength={500}
        value={reason}
        error={problem.fields.reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </Form>
  );
}
