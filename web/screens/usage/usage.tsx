import type { Schemas } from '@pandect/client';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useClient } from '../../app/client.tsx';
import { useLanguage, useWords } from '../../app/language.tsx';
import { formatNumber } from '../../app/plural.ts';
import { Failure } from '../../app/problem.tsx';
import { formatBytes } from '../../parts/bytes.ts';
import { Empty } from '../../parts/empty.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Screen } from '../../parts/screen.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { Time } from '../../parts/time.tsx';
import { Meter } from './meter.tsx';
import { words } from './words.ts';

const DayChart = lazy(() => import('./day-chart.tsx'));

type Limits = Schemas['Limits'];
type Usage = Schemas['Usage'];
type Sums = Usage['total'];

export default function UsageScreen() {
  const texts = useWords(words);
  const { api } = useClient();
  const limits = useQuery({
    queryKey: ['getLimits'],
    queryFn: async ({ signal }) => (await api.GET('/api/limits', { signal })).data,
  });
  const usage = useQuery({
    queryKey: ['getUsage'],
    queryFn: async ({ signal }) => (await api.GET('/api/usage', { signal })).data,
  });
  return (
    <Screen heading={texts.heading} wide actions={<Link to="/plans">{texts.raise}</Link>}>
      {limits.error ? <Failure error={limits.error} onRetry={() => limits.refetch()} /> : null}
      {limits.data ? <LimitList limits={limits.data} /> : limits.isPending ? <Loading /> : null}
      {usage.error ? <Failure error={usage.error} onRetry={() => usage.refetch()} /> : null}
      {usage.data ? <UsageTables usage={usage.data} /> : null}
    </Screen>
  );
}

const BYTES = 'byte';

function LimitList({ limits }: { limits: Limits }) {
  const texts = useWords(words);
  const { language } = useLanguage();
  return (
    <>
      <ul className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
        {limits.units.map(({ unit, name, period, resetAt, ...count }) => (
          <Meter
            key={`${unit} ${period}`}
            name={unit === BYTES ? texts.storage : period ? `${name[language]} ${texts[period]}` : name[language]}
            count={count}
            resetAt={resetAt}
            {...(unit === BYTES ? { format: (bytes: number) => formatBytes(language, bytes) } : {})}
          />
        ))}
        <Meter name={texts.tokens} count={limits.tokensPerMinute} />
      </ul>
      {limits.credits.some(({ amount }) => amount > 0) ? (
        <section className="grid gap-2">
          <h2>{texts.credits}</h2>
          <p className="text-sm text-muted">{texts.creditsHint}</p>
          <ul>
            {limits.credits.map(({ unit, name, amount }) => (
              <li key={unit}>
                {name[language]}: {formatNumber(language, amount)}
              </li>
            ))}
          </ul>
        </section>
      ) : null}
    </>
  );
}

function UsageTables({ usage }: { usage: Usage }) {
  const texts = useWords(words);
  const { language } = useLanguage();
  const sums = <Row extends Sums>(): Column<Row>[] => [
    { heading: texts.calls, numeric: true, cell: ({ count }) => formatNumber(language, count) },
    {
      heading: texts.tokensUsed,
      numeric: true,
      cell: ({ promptTokens, completionTokens }) => formatNumber(language, promptTokens + completionTokens),
    },
    { heading: texts.cost, numeric: true, cell: ({ cost }) => formatNumber(language, Number(cost)) },
  ];
  if (usage.items.length === 0) return <Empty>{texts.none}</Empty>;
  return (
    <>
      <p className="text-muted">
        {texts.since} <Time at={usage.since} to="day" />
      </p>
      <Suspense fallback={<Loading />}>
        <DayChart />
      </Suspense>
      <section className="grid gap-3">
        <h2>{texts.byModel}</h2>
        <Table
          caption={texts.byModel}
          rows={usage.items}
          rowKey={({ action, model }) => `${action} ${model}`}
          columns={[
            { heading: texts.model, cell: ({ model }) => model ?? texts.local },
            { heading: texts.action, cell: ({ action }) => texts.purposes[action] ?? action },
            ...sums<Usage['items'][number]>(),
          ]}
        />
      </section>
      <section className="grid gap-3">
        <h2>{texts.byPerson}</h2>
        <Table
          caption={texts.byPerson}
          rows={usage.people}
          rowKey={({ userId }) => userId ?? 'former'}
          columns={[
            { heading: texts.person, cell: ({ email }) => email ?? texts.former },
            ...sums<Usage['people'][number]>(),
          ]}
        />
      </section>
    </>
  );
}
