import type { Schemas } from '@pandect/client';
import { useQuery } from '@tanstack/react-query';
import { useClient } from '../../../app/client.tsx';
import { useLanguage, useWords } from '../../../app/language.tsx';
import { formatNumber } from '../../../app/plural.ts';
import { formatBytes } from '../../../parts/bytes.ts';
import { Screen } from '../../../parts/screen.tsx';
import { Go } from '../../app/go.tsx';
import { useFilters, withSearch } from '../../app/place.ts';
import type { ScreenProps } from '../../app/screens.ts';
import { BuildLog, ChangeProgress } from '../../parts/change-progress.tsx';
import { Facts } from '../../parts/facts.tsx';
import { formatAge, formatMs, formatRate, formatShare } from '../../parts/figures.ts';
import { Read } from '../../parts/read.tsx';
import { UnitState } from '../../parts/unit-state.tsx';
import { ChangeUnit } from '../units/change-unit.tsx';
import { Canary } from './canary.tsx';
import { History, Kills } from './history.tsx';
import { Releases } from './releases.tsx';
import { words } from './words.ts';

type Detail = Schemas['ConsoleUnitDetail'];

const REFRESH_MS = 5_000;

export default function Unit({ params: { name = '' } }: ScreenProps) {
  const texts = useWords(words);
  const { api } = useClient();
  const [filters, setFilters] = useFilters(['change']);
  const unit = useQuery({
    queryKey: ['getConsoleUnit', name],
    queryFn: async ({ signal }) =>
      (await api.GET('/api/operator/units/{unit}', { signal, params: { path: { unit: name } } })).data,
    refetchInterval: REFRESH_MS,
  });
  // A change that somebody else began is shown as well.
  const change = filters.change ?? unit.data?.change ?? undefined;
  return (
    <Screen heading={name} wide actions={unit.data ? <ChangeUnit unit={unit.data} /> : null}>
      <p className="flex flex-wrap gap-4">
        <Go to="/units">{texts.back}</Go>
        <Go to={withSearch('/logs', { unit: name })}>{texts.logs}</Go>
        <Go to={withSearch('/errors', { unit: name })}>{texts.errorsLink}</Go>
      </p>
      {change ? (
        <ChangeProgress key={change} id={change} unit={name} onClose={() => setFilters({ change: undefined })} />
      ) : null}
      <Read query={unit}>{(detail) => <Shown detail={detail} isChanging={detail.change !== null} />}</Read>
    </Screen>
  );
}

function Shown({ detail, isChanging }: { detail: Detail; isChanging: boolean }) {
  const texts = useWords(words);
  return (
    <>
      <Figures detail={detail} />
      {detail.failedBuildLog && !isChanging ? (
        <div className="grid gap-3">
          <h2>{texts.failed}</h2>
          <BuildLog text={detail.failedBuildLog} name={texts.failed} />
        </div>
      ) : null}
      {detail.kind === 'site' ? null : <Canary detail={detail} />}
      <Releases detail={detail} />
      <History history={detail.history} />
      {detail.kills.length > 0 ? <Kills kills={detail.kills} /> : null}
    </>
  );
}

function Figures({ detail }: { detail: Detail }) {
  const texts = useWords(words);
  const { language } = useLanguage();
  const { instances, wanted, bounds, fixed, waiting, oldestSeconds } = detail;
  return (
    <Facts
      facts={[
        [texts.state, <UnitState key="state" state={detail.state} />],
        ...(bounds
          ? ([
              [
                texts.processes,
                `${texts.processesText(instances, wanted, bounds.min, bounds.max)}; ${fixed === null ? texts.byLoad : texts.fixed(fixed)}`,
              ],
              [texts.memory, formatBytes(language, detail.memoryBytes)],
              [texts.rate, formatRate(language, detail.requestsPerSecond)],
              [texts.errors, formatShare(language, detail.errorRatio)],
              [texts.p95, formatMs(language, detail.p95Ms)],
            ] as [string, string][])
          : []),
        ...(waiting === null
          ? []
          : ([
              [
                texts.waiting,
                `${formatNumber(language, waiting)}${waiting > 0 ? `, ${formatAge(language, oldestSeconds)}` : ''}`,
              ],
            ] as [string, string][])),
      ]}
    />
  );
}
