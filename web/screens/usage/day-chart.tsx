import type { Schemas } from '@pandect/client';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useClient } from '../../app/client.tsx';
import { type Language, useLanguage, useWords } from '../../app/language.tsx';
import { formatNumber } from '../../app/plural.ts';
import { Failure } from '../../app/problem.tsx';
import { Choice } from '../../parts/field.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Table } from '../../parts/table.tsx';
import { amountOf, fillMonth, type Measure } from './month-values.ts';
import { words } from './words.ts';

type Days = Schemas['UsageByDay'];

const measures: readonly Measure[] = ['count', 'tokens', 'cost'];

/** What was used on each day of the month: a picture, and the same as a table. */
export default function DayChart() {
  const texts = useWords(words);
  const { api } = useClient();
  const [measure, setMeasure] = useState<Measure>('count');
  const { data, error, refetch } = useQuery({
    queryKey: ['getUsageByDay'],
    queryFn: async ({ signal }) => (await api.GET('/api/usage/days', { signal })).data,
  });
  const values = useMemo(() => (data ? fillMonth(data, measure) : []), [data, measure]);
  if (error) return <Failure error={error} onRetry={() => refetch()} />;
  if (!data) return <Loading />;
  if (data.days.length === 0) return null;
  return (
    <section className="grid gap-3">
      <h2>{texts.byDay}</h2>
      <div className="max-w-60">
        <Choice
          label={texts.measure}
          value={measure}
          options={measures.map((value) => ({ value, text: texts.measures[value] }))}
          onChoose={setMeasure}
        />
      </div>
      <Bars label={`${texts.byDay}: ${texts.measures[measure]}`} values={values} />
      <details>
        <summary className="text-sm">{texts.asTable}</summary>
        <DayTable days={data.days} />
      </details>
    </section>
  );
}

function DayTable({ days }: Pick<Days, 'days'>) {
  const texts = useWords(words);
  const { language } = useLanguage();
  return (
    <Table
      caption={texts.byDay}
      rows={days}
      rowKey={({ day }) => day}
      columns={[
        {
          heading: texts.ofDay,
          cell: ({ day }) => <span className="whitespace-nowrap">{formatDay(language, day)}</span>,
        },
        ...measures.map((measure) => ({
          heading: texts.measures[measure],
          numeric: true,
          cell: (day: Days['days'][number]) => formatNumber(language, amountOf(day, measure)),
        })),
      ]}
    />
  );
}

/** Days are those of UTC, wherever the reader is. */
const formatDay = (language: Language, day: string) =>
  new Intl.DateTimeFormat(language, { day: 'numeric', month: 'long', timeZone: 'UTC' }).format(new Date(day));

const HEIGHT_PX = 220;

/** A bar for each day of the month, from the first. */
function Bars({ label, values }: { label: string; values: readonly number[] }) {
  const { language } = useLanguage();
  const place = useRef<HTMLDivElement>(null);
  const theme = useSyncExternalStore(followTheme, () => document.documentElement.dataset.theme);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are those of the theme
  useEffect(() => {
    const { current } = place;
    if (!current) return;
    const plot = new UPlot(
      optionsFor(current, language, values.length),
      [values.map((_, index) => index + 1), [...values]],
      current,
    );
    const sized = new ResizeObserver(() => plot.setSize({ width: current.clientWidth, height: HEIGHT_PX }));
    sized.observe(current);
    return () => {
      sized.disconnect();
      plot.destroy();
    };
  }, [values, language, theme]);
  return <div ref={place} role="img" aria-label={label} className="min-w-0 overflow-hidden" />;
}

function followTheme(changed: () => void) {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  return () => observer.disconnect();
}

function optionsFor(place: HTMLElement, language: Language, days: number): UPlot.Options {
  const colours = getComputedStyle(place);
  const [accent, muted, line] = ['--accent', '--muted', '--line'].map((name) => colours.getPropertyValue(name));
  const axis = { stroke: muted ?? '', ticks: { show: false } };
  return {
    ...{ width: place.clientWidth, height: HEIGHT_PX, legend: { show: false }, cursor: { show: false } },
    scales: { x: { time: false, range: [0.5, days + 0.5] }, y: { range: (_, __, most) => [0, most || 1] } },
    series: [
      {},
      {
        ...{ fill: accent ?? '', stroke: accent ?? '', points: { show: false } },
        paths: UPlot.paths.bars?.({ size: [0.6, 40] }) as UPlot.Series.PathBuilder,
      },
    ],
    axes: [
      { ...axis, grid: { show: false }, incrs: [1, 2, 5, 10] },
      {
        ...{ ...axis, grid: { stroke: line ?? '', width: 1 }, size: 70 },
        values: (_, ticks) => ticks.map((tick) => formatNumber(language, tick)),
      },
    ],
  };
}
