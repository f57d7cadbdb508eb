import type { Schemas } from '@pandect/client';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useClient } from '../../app/client.tsx';
import { useLanguage, useWords } from '../../app/language.tsx';
import { isAtLeast, useMe } from '../../app/me.ts';
import { formatNumber } from '../../app/plural.ts';
import { Failure } from '../../app/problem.tsx';
import { useSubscription } from '../../app/use-subscription.ts';
import { Button } from '../../parts/button.tsx';
import { formatBytes } from '../../parts/bytes.ts';
import { Loading } from '../../parts/loading.tsx';
import { formatMoney } from '../../parts/money.ts';
import { NotAllowed } from '../../parts/not-allowed.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Screen } from '../../parts/screen.tsx';
import { heldTier, mayTry, type Order, orderOf, type Plan, type Subscription } from './order.ts';
import { OrderDialog } from './order-dialog.tsx';
import { words } from './words.ts';

const BYTES = 'byte';

export default function Plans() {
  const texts = useWords(words);
  const { api } = useClient();
  const me = useMe();
  const [order, setOrder] = useState<Order>();
  const plans = useQuery({
    queryKey: ['listPlans'],
    queryFn: async ({ signal }) => (await api.GET('/api/plans', { signal })).data,
  });
  const subscription = useSubscription();
  const error = plans.error ?? subscription.error;
  const mayPay = isAtLeast(me?.role, 'owner');
  return (
    <Screen heading={texts.heading} wide>
      {error ? <Failure error={error} onRetry={() => [plans.refetch(), subscription.refetch()]} /> : null}
      {me && !mayPay ? <NotAllowed least="owner" /> : null}
      {plans.data && subscription.data ? (
        <>
          {mayPay && subscription.data.subscription?.state === 'cancelled' ? (
            <Notice tone="info">
              {texts.cancelled} <Link to="/subscription">{texts.toSubscription}</Link>
            </Notice>
          ) : null}
          <PlanList
            plans={plans.data.items}
            tier={subscription.data.tier}
            subscription={subscription.data.subscription}
            onChoose={mayPay ? setOrder : undefined}
          />
          <Packs packs={plans.data.packs} onChoose={mayPay ? setOrder : undefined} />
        </>
      ) : error ? null : (
        <Loading />
      )}
      <OrderDialog order={order} onClose={() => setOrder(undefined)} />
    </Screen>
  );
}

interface Choosing {
  /** Absent for people whose role may not pay. */
  onChoose: ((order: Order) => void) | undefined;
}

function PlanList({
  plans,
  tier,
  subscription,
  onChoose,
}: Choosing & { plans: Plan[]; tier: string; subscription: Subscription | null }) {
  const texts = useWords(words);
  const { language } = useLanguage();
  const current = plans.find((plan) => plan.tier === tier);
  const held = plans.find((plan) => plan.tier === heldTier(tier, subscription));
  return (
    <ul className="grid gap-4 md:grid-cols-2 2xl:grid-cols-4">
      {plans.map((plan) => {
        const order = orderOf(plan, held, subscription);
        return (
          <li
            key={plan.tier}
            className={`grid content-start gap-3 rounded-xl border bg-surface p-5 ${plan === current ? 'border-accent' : 'border-line'}`}
          >
            <h2>{plan.name[language]}</h2>
            <p className="text-lg">
              {plan.price === 0 ? texts.free : `${formatMoney(language, plan.price)} ${texts.month}`}
            </p>
            <ul className="text-sm">
              {plan.units.map(({ unit, name, period, amount }) => (
                <li key={`${unit} ${period}`} className="first-letter:uppercase">
                  {unit === BYTES
                    ? `${formatBytes(language, amount)} ${texts.storage}`
                    : `${name[language]}: ${formatNumber(language, amount)} ${
                        period === 'day' ? texts.perDay : period === 'month' ? texts.perMonth : ''
                      }`}
                </li>
              ))}
            </ul>
            {plan === current ? <p className="text-sm font-semibold text-ok">{texts.current}</p> : null}
            {onChoose && order ? <Button onClick={() => onChoose(order)}>{texts.choose}</Button> : null}
            {onChoose && mayTry(plan, held, subscription) ? (
              <Button kind="secondary" onClick={() => onChoose({ kind: 'trial', plan })}>
                {texts.trial}
              </Button>
            ) : null}
          </li>
        );
      })}
    </ul>
  );
}

function Packs({ packs, onChoose }: Choosing & { packs: Schemas['UnitPack'][] }) {
  const texts = useWords(words);
  const { language } = useLanguage();
  if (packs.length === 0) return null;
  return (
    <section className="grid gap-3">
      <h2>{texts.packs}</h2>
      <p className="text-sm text-muted">{texts.packsHint}</p>
      <ul className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
        {packs.map(({ unit, name, amount, price }) => (
          <li
            key={`${unit} ${amount}`}
            className="flex items-center justify-between gap-3 rounded-xl border border-line bg-surface p-4"
          >
            <span className="block first-letter:uppercase">
              {name[language]}: {formatNumber(language, amount)}
              <span className="block text-sm text-muted">{formatMoney(language, price)}</span>
            </span>
            {onChoose ? (
              <Button
                kind="secondary"
                onClick={() => onChoose({ kind: 'top-up', unit, name: name[language], amount, price })}
              >
                {texts.buy}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}
