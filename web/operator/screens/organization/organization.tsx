import type { Schemas } from '@pandect/client';
import { useQuery } from '@tanstack/react-query';
import { useClient } from '../../../app/client.tsx';
import { useLanguage, useWords } from '../../../app/language.tsx';
import { formatNumber, plural } from '../../../app/plural.ts';
import { formatMoney } from '../../../parts/money.ts';
import { Notice } from '../../../parts/notice.tsx';
import { Screen } from '../../../parts/screen.tsx';
import { Table } from '../../../parts/table.tsx';
import { Time } from '../../../parts/time.tsx';
import { Go } from '../../app/go.tsx';
import { segment } from '../../app/place.ts';
import type { ScreenProps } from '../../app/screens.ts';
import { Facts } from '../../parts/facts.tsx';
import { figureWords } from '../../parts/figure-words.ts';
import { type FigureName, figureNames, useFigureText } from '../../parts/plan-figures.tsx';
import { Read } from '../../parts/read.tsx';
import { Changes } from './changes.tsx';
import { words } from './words.ts';

type Detail = Schemas['AdministeredOrganizationDetail'];

const KOPECKS = 100;

export default function Organization({ params: { id = '' } }: ScreenProps) {
  const texts = useWords(words);
  const { api } = useClient();
  const organization = useQuery({
    queryKey: ['getAdministeredOrganization', id],
    queryFn: async ({ signal }) =>
      (await api.GET('/api/admin/organizations/{id}', { signal, params: { path: { id } } })).data,
  });
  const { data } = organization;
  return (
    <Screen heading={data?.name ?? texts.loading} wide actions={data ? <Changes organization={data} /> : null}>
      <p>
        <Go to="/organizations">{texts.back}</Go>
      </p>
      <Read query={organization}>{(detail) => <Shown detail={detail} />}</Read>
    </Screen>
  );
}

function Shown({ detail }: { detail: Detail }) {
  const texts = useWords(words);
  const { language } = useLanguage();
  const { subscription, month, suspendedAt, overrides } = detail;
  const units = overrides.units ?? [];
  return (
    <>
      {suspendedAt ? (
        <Notice tone="warn">
          {texts.suspended} <Time at={suspendedAt} />
        </Notice>
      ) : null}
      <Facts
        facts={[
          [
            texts.plan,
            <Go key="plan" to={`/plans/${segment(detail.tier)}`}>
              {detail.tier}
            </Go>,
          ],
          [
            texts.subscription,
            subscription ? (
              <>
                {texts.states[subscription.state]}, {subscription.tier} {texts.until}{' '}
                <Time at={subscription.periodEnd} to="day" />
                {subscription.nextTier ? `, ${texts.afterwards(subscription.nextTier)}` : ''}
              </>
            ) : (
              texts.subscriptionNone
            ),
          ],
          [texts.credits, formatNumber(language, detail.questionCredits)],
          [
            texts.month,
            [
              plural(language, month.count, texts.requests),
              plural(language, month.tokens, texts.tokens),
              `${texts.cost} ${formatMoney(language, Math.round(Number(month.cost) * KOPECKS))}`,
            ].join(', '),
          ],
          [texts.created, <Time key="created" at={detail.createdAt} to="day" />],
        ]}
      />
      <div className="grid gap-3">
        <h2>{texts.seen}</h2>
        <Limits detail={detail} />
        {units.length > 0 ? (
          <p className="text-sm text-muted">
            {texts.units}:{' '}
            {units
              .map(({ unit, period, amount }) => `${unit} / ${period}: ${formatNumber(language, amount)}`)
              .join('; ')}
          </p>
        ) : null}
      </div>
    </>
  );
}

function Limits({ detail: { plan, overrides, held } }: { detail: Detail }) {
  const texts = useWords(words);
  const figures = useWords(figureWords);
  const figureText = useFigureText();
  const used: Partial<Record<FigureName, number>> = held;
  return (
    <Table
      caption={texts.seen}
      rows={figureNames}
      rowKey={(name) => name}
      columns={[
        { heading: texts.limit, cell: (name) => figures.figures[name] },
        { heading: texts.ofPlan, numeric: true, cell: (name) => figureText(name, plan[name]) },
        {
          heading: texts.held,
          numeric: true,
          cell: (name) => (used[name] === undefined ? '' : figureText(name, used[name])),
        },
        {
          heading: texts.override,
          numeric: true,
          cell: (name) => (overrides[name] === null ? '' : figureText(name, overrides[name])),
        },
      ]}
    />
  );
}
