import type { Schemas } from '@pandect/client';
import { useQuery } from '@tanstack/react-query';
import { useClient } from '../../../app/client.tsx';
import { useLanguage, useWords } from '../../../app/language.tsx';
import { formatNumber, plural } from '../../../app/plural.ts';
import { formatBytes } from '../../../parts/bytes.ts';
import { Screen } from '../../../parts/screen.tsx';
import { Time } from '../../../parts/time.tsx';
import { Figure } from '../../parts/figure.tsx';
import { formatAge, formatMs, formatRate, formatShare } from '../../parts/figures.ts';
import { Read } from '../../parts/read.tsx';
import { Changes, Queues } from './lists.tsx';
import { Problems } from './problems.tsx';
import { words } from './words.ts';

type Overview = Schemas['ConsoleOverview'];

const REFRESH_MS = 5_000;
/** From here on a figure is shown as bad. */
const BAD_ERROR_RATIO = 0.01;
const BAD_FREE_SHARE = 0.1;

export default function OverviewScreen() {
  const texts = useWords(words);
  const { api } = useClient();
  const overview = useQuery({
    queryKey: ['getConsoleOverview'],
    queryFn: async ({ signal }) => (await api.GET('/api/operator/overview', { signal })).data,
    refetchInterval: REFRESH_MS,
  });
  return (
    <Screen heading={texts.heading} wide>
      <Read query={overview}>
        {(data) => (
          <>
            <Problems overview={data} />
            <section className="grid gap-3" aria-labelledby="figures">
              <h2 id="figures">{texts.figures}</h2>
              <Figures overview={data} />
            </section>
            <Queues queues={data.queues} />
            <Changes changes={data.changes} running={data.running} />
            <p className="text-sm text-muted">
              {data.url} · {texts.version} {data.version} · {texts.started} <Time at={data.startedAt} />
            </p>
          </>
        )}
      </Read>
    </Screen>
  );
}

function Figures({ overview: { requests, units, queues, disk, memory, money } }: { overview: Overview }) {
  const texts = useWords(words);
  const { language } = useLanguage();
  const oldest = queues.reduce((most, { oldestSeconds }) => Math.max(most, oldestSeconds), 0);
  const waits = queues.some(({ waiting }) => waiting > 0);
  const dead = queues.reduce((sum, queue) => sum + queue.dead, 0);
  const amounts = (what: 'paid' | 'spent') =>
    money.today
      .filter((each) => each.what === what)
      .map(({ currency, amount }) =>
        new Intl.NumberFormat(language, { style: 'currency', currency }).format(Number(amount)),
      )
      .join(', ') || texts.nothing;
  return (
    <ul className="grid gap-3 sm:grid-cols-2 lg:grid-cols-4">
      <Figure name={texts.perSecond} value={formatRate(language, requests.perSecond)} to="/units?sort=requests" />
      <Figure
        name={texts.errors}
        value={formatShare(language, requests.errorRatio)}
        isBad={(requests.errorRatio ?? 0) > BAD_ERROR_RATIO}
        to="/errors"
      />
      <Figure name={texts.p95} value={formatMs(language, requests.p95Ms)} to="/units?sort=p95" />
      <Figure
        name={texts.serving}
        value={formatNumber(language, units.serving)}
        detail={texts.ofUnits(formatNumber(language, units.total), formatNumber(language, units.asleep))}
        isBad={units.backingOff > 0}
        to="/units"
      />
      <Figure
        name={texts.oldest}
        value={waits ? formatAge(language, oldest) : texts.noneWaits}
        detail={dead > 0 ? plural(language, dead, texts.dead) : undefined}
        isBad={dead > 0}
        to={dead > 0 ? '/jobs?state=dead' : '/queues'}
      />
      <Figure
        name={texts.disk}
        value={formatBytes(language, disk.freeBytes)}
        detail={texts.of(formatBytes(language, disk.totalBytes))}
        isBad={disk.freeBytes < disk.totalBytes * BAD_FREE_SHARE}
        // Tells how to find what fills it, and what can go.
        to="/alerts/DiskFull"
      />
      <Figure
        name={texts.memory}
        value={formatBytes(language, memory.availableBytes)}
        detail={texts.of(formatBytes(language, memory.totalBytes))}
        isBad={memory.availableBytes < memory.totalBytes * BAD_FREE_SHARE}
        to="/units?sort=memory"
      />
      <Figure
        name={texts.paid}
        value={amounts('paid')}
        detail={`${texts.spent}: ${amounts('spent')}`}
        to="/money?show=all"
      />
    </ul>
  );
}
