import type { Schemas } from '@pandect/client';
import { useState } from 'react';
import { useClient } from '../../../app/client.tsx';
import { useWords } from '../../../app/language.tsx';
import { Button } from '../../../parts/button.tsx';
import { Dialog } from '../../../parts/dialog.tsx';
import { Choice, Field } from '../../../parts/field.tsx';
import { ChangeButton } from '../../parts/change-button.tsx';
import { usePlans } from '../../parts/use-plans.ts';
import { OverridesForm } from './overrides-form.tsx';
import { words } from './words.ts';

type Detail = Schemas['AdministeredOrganizationDetail'];

/** What an administrator may change of an organization, each with a reason. */
export function Changes({ organization }: { organization: Detail }) {
  const texts = useWords(words);
  const [overriding, setOverriding] = useState(false);
  return (
    <>
      <ChangePlan organization={organization} />
      <GiveQuestions organization={organization} />
      <Button kind="secondary" onClick={() => setOverriding(true)}>
        {texts.overrides}
      </Button>
      <Suspend organization={organization} />
      <Dialog open={overriding} heading={texts.overrides} onClose={() => setOverriding(false)}>
        <OverridesForm organization={organization} onClose={() => setOverriding(false)} />
      </Dialog>
    </>
  );
}

const staleOf = (id: string) => [['getAdministeredOrganization', id], ['listOrganizations']];

function ChangePlan({ organization: { id, tier } }: { organization: Detail }) {
  const texts = useWords(words);
  const { api } = useClient();
  const plans = usePlans();
  const others = (plans.data ?? []).filter((plan) => plan.tier !== tier);
  const [chosen, setChosen] = useState('');
  const to = chosen && chosen !== tier ? chosen : (others[0]?.tier ?? '');
  return (
    <ChangeButton
      text={texts.changePlan}
      withReason
      disabled={to === ''}
      chosen={to}
      stale={staleOf(id)}
      question={
        <>
          <Choice
            label={texts.changePlanTo}
            value={to}
            options={others.map((plan) => ({ value: plan.tier, text: plan.tier }))}
            onChoose={setChosen}
          />
          <p>{texts.fromTo(tier, to)}</p>
          <p className="text-sm text-muted">{texts.changeHint}</p>
        </>
      }
      act={({ reason, key }) =>
        api.PATCH('/api/admin/organizations/{id}', {
          params: { path: { id } },
          headers: { 'Idempotency-Key': key },
          body: { tier: to, reason },
        })
      }
    />
  );
}

function Suspend({ organization: { id, suspendedAt } }: { organization: Detail }) {
  const texts = useWords(words);
  const { api } = useClient();
  const suspended = suspendedAt === null;
  return (
    <ChangeButton
      text={suspended ? texts.suspend : texts.resume}
      kind={suspended ? 'danger' : 'secondary'}
      withReason
      stale={staleOf(id)}
      question={<p>{suspended ? texts.suspendText : texts.resumeText}</p>}
      act={({ reason, key }) =>
        api.PATCH('/api/admin/organizations/{id}', {
          params: { path: { id } },
          headers: { 'Idempotency-Key': key },
          body: { suspended, reason },
        })
      }
    />
  );
}

function GiveQuestions({ organization: { id } }: { organization: Detail }) {
  const texts = useWords(words);
  const { api } = useClient();
  const [amount, setAmount] = useState('10');
  return (
    <ChangeButton
      text={texts.give}
      withReason
      chosen={amount}
      stale={staleOf(id)}
      question={
        <>
          <p>{texts.giveText}</p>
          <Field
            label={texts.amount}
            type="number"
            required
            min={1}
            max={1_000_000}
            value={amount}
            onChange={(event) => setAmount(event.currentTarget.value)}
          />
        </>
      }
      act={({ reason, key }) =>
        api.POST('/api/admin/organizations/{id}/credits', {
          params: { path: { id }, header: { 'idempotency-key': key } },
          body: { questions: Number(amount), reason },
        })
      }
    />
  );
}
