import type { Schemas } from '@pandect/client';
import { useLanguage, useWords } from '../../../app/language.tsx';
import { formatNumber } from '../../../app/plural.ts';
import { Empty } from '../../../parts/empty.tsx';
import { Notice } from '../../../parts/notice.tsx';
import { Table } from '../../../parts/table.tsx';
import { Time } from '../../../parts/time.tsx';
import { Go } from '../../app/go.tsx';
import { placeOfChange, segment, withSearch } from '../../app/place.ts';
import { formatAge } from '../../parts/figures.ts';
import { historyWords } from '../../parts/history-words.ts';
import { ReleaseName } from '../../parts/release-name.tsx';
import { words } from './words.ts';

type Overview = Schemas['ConsoleOverview'];

/** Queues with something in them, the oldest job first. */
export function Queues({ queues }: { queues: Overview['queues'] }) {
  const texts = useWords(words);
  const { language } = useLanguage();
  const filled = queues.filter(({ waiting, active, dead }) => waiting + active + dead > 0);
  return (
    <div className="grid gap-3">
      <h2>{texts.queues}</h2>
      {filled.length === 0 ? (
        <Empty>{texts.noQueues}</Empty>
      ) : (
        <Table
          caption={texts.queues}
          rows={filled.toSorted((a, b) => b.oldestSeconds - a.oldestSeconds)}
          rowKey={({ queue }) => queue}
          columns={[
            { heading: texts.queue, cell: ({ queue }) => <Go to={withSearch('/jobs', { queue })}>{queue}</Go> },
            { heading: texts.waiting, numeric: true, cell: ({ waiting }) => formatNumber(language, waiting) },
            { heading: texts.active, numeric: true, cell: ({ active }) => formatNumber(language, active) },
            {
              heading: texts.deadColumn,
              numeric: true,
              cell: ({ queue, dead }) =>
                dead === 0 ? (
                  '0'
                ) : (
                  <Go to={withSearch('/jobs', { queue, state: 'dead' })}>{formatNumber(language, dead)}</Go>
                ),
            },
            {
              heading: texts.age,
              numeric: true,
              cell: ({ waiting, oldestSeconds }) => (waiting > 0 ? formatAge(language, oldestSeconds) : '–'),
            },
          ]}
        />
      )}
    </div>
  );
}

/** What was changed last, and what is being changed. */
export function Changes({ changes, running }: Pick<Overview, 'changes' | 'running'>) {
  const texts = useWords(words);
  const history = useWords(historyWords);
  return (
    <div className="grid gap-3">
      <h2>{texts.changes}</h2>
      {running.map(({ id, unit, action, by, startedAt }) => (
        <Notice key={id}>
          {texts.running}:{' '}
          <Go className="underline" to={placeOfChange({ unit, id })}>
            {unit || texts.backup}
          </Go>
          , {texts.runningText(action, by)}, <Time at={startedAt} />
        </Notice>
      ))}
      {changes.length === 0 ? (
        <Empty>{texts.noChanges}</Empty>
      ) : (
        <Table
          caption={texts.changes}
          rows={changes}
          rowKey={({ unit, at, action }) => `${unit} ${at} ${action}`}
          columns={[
            { heading: texts.at, cell: ({ at }) => <Time at={at} /> },
            { heading: texts.unit, cell: ({ unit }) => <Go to={`/units/${segment(unit)}`}>{unit}</Go> },
            {
              heading: texts.change,
              cell: ({ action, outcome }) =>
                `${history.actions[action] ?? action}${outcome === 'restored' ? `: ${history.restored}` : ''}`,
            },
            { heading: texts.release, cell: ({ release }) => <ReleaseName release={release} /> },
            { heading: texts.by, cell: ({ by }) => by ?? '' },
          ]}
        />
      )}
    </div>
  );
}
