import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useClient } from '../../app/client.tsx';
import { useLanguage, useWords } from '../../app/language.tsx';
import { isAtLeast, useMe } from '../../app/me.ts';
import { formatNumber } from '../../app/plural.ts';
import { Failure } from '../../app/problem.tsx';
import { useSubscription } from '../../app/use-subscription.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Screen } from '../../parts/screen.tsx';
import { Time } from '../../parts/time.tsx';
import { InvoiceTable } from '../invoices/invoice-table.tsx';
import type { Subscription } from '../plans/order.ts';
import { words } from './words.ts';

export default function SubscriptionScreen() {
  const texts = useWords(words);
  const { api } = useClient();
  const mayPay = isAtLeast(useMe()?.role, 'owner');
  const { data, error, refetch } = useSubscription();
  const plans = useQuery({
    queryKey: ['listPlans'],
    queryFn: async ({ signal }) => (await api.GET('/api/plans', { signal })).data,
  });
  const { language } = useLanguage();
  const nameOf = (tier: string) => plans.data?.items.find((plan) => plan.tier === tier)?.name[language] ?? tier;
  if (!data) {
    return (
      <Screen heading={texts.heading}>
        {error ? <Failure error={error} onRetry={() => refetch()} /> : <Loading />}
      </Screen>
    );
  }
  const { subscription } = data;
  return (
    <Screen heading={texts.heading} wide actions={<Link to="/plans">{texts.change}</Link>}>
      <dl className="grid gap-x-6 gap-y-3 sm:grid-cols-[auto_1fr]">
        <Entry name={texts.plan}>{nameOf(data.tier)}</Entry>
        {subscription ? (
          <Terms subscription={subscription} nameOf={nameOf} />
        ) : (
          <Entry name={texts.state}>{texts.none}</Entry>
        )}
        {data.questionCredits > 0 ? (
          <Entry name={texts.credits}>{formatNumber(language, data.questionCredits)}</Entry>
        ) : null}
      </dl>
      {mayPay && subscription ? <EndOrResume subscription={subscription} nameOf={nameOf} /> : null}
      {data.openInvoices.length > 0 ? (
        <section className="grid gap-3">
          <h2>{texts.open}</h2>
          <InvoiceTable invoices={data.openInvoices} mayPay={mayPay} caption={texts.open} />
        </section>
      ) : null}
      <p>
        <Link to="/invoices">{texts.invoices}</Link>
      </p>
    </Screen>
  );
}

function Entry({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Terms({
  subscription: { state, periodStart, periodEnd, nextTier },
  nameOf,
}: {
  subscription: Subscription;
  nameOf: (tier: string) => string;
}) {
  const texts = useWords(words);
  return (
    <>
      <Entry name={texts.state}>{texts.states[state]}</Entry>
      <Entry name={state === 'trial' ? texts.trialPeriod : texts.period}>
        <Time at={periodStart} to="day" /> – <Time at={periodEnd} to="day" />
      </Entry>
      {state === 'active' ? <Entry name={texts.next}>{nextTier === null ? texts.same : nameOf(nextTier)}</Entry> : null}
    </>
  );
}

function EndOrResume({
  subscription: { state, tier, nextTier },
  nameOf,
}: {
  subscription: Subscription;
  nameOf: (tier: string) => string;
}) {
  const texts = useWords(words);
  const { api } = useClient();
  const queries = useQueryClient();
  const [asks, setAsks] = useState(false);
  const change = useMutation({
    mutationFn: (action: 'cancel' | 'resume') =>
      api.POST('/api/subscription', {
        params: { header: { 'idempotency-key': crypto.randomUUID() } },
        body: { action },
      }),
    async onSuccess() {
      setAsks(false);
      await queries.invalidateQueries();
    },
  });
  if (state === 'expired') return null;
  return (
    <div className="grid justify-items-start gap-3">
      {change.error ? <Failure error={change.error} /> : null}
      {state === 'cancelled' ? (
        <Button busy={change.isPending} onClick={() => change.mutate('resume')}>
          {texts.resume}
        </Button>
      ) : (
        <div className="flex flex-wrap gap-2">
          {state === 'active' && nextTier !== null ? (
            <Button busy={change.isPending} onClick={() => change.mutate('resume')}>
              {texts.keepPlan(nameOf(tier))}
            </Button>
          ) : null}
          <Button kind="danger" onClick={() => setAsks(true)}>
            {texts.cancel}
          </Button>
        </div>
      )}
      <Dialog open={asks} heading={texts.cancel} onClose={() => setAsks(false)}>
        <p>{state === 'active' ? texts.cancelAsk : texts.cancelNow}</p>
        <div className="flex flex-wrap justify-end gap-2">
          <Button kind="quiet" onClick={() => setAsks(false)}>
            {texts.keep}
          </Button>
          <Button kind="danger" busy={change.isPending} onClick={() => change.mutate('cancel')}>
            {texts.cancel}
          </Button>
        </div>
      </Dialog>
    </div>
  );
}
