import type { Schemas } from '@pandect/client';
import { useQuery } from '@tanstack/react-query';
import { useClient } from '../../../app/client.tsx';
import { useLanguage, useWords } from '../../../app/language.tsx';
import { formatNumber } from '../../../app/plural.ts';
import { Empty } from '../../../parts/empty.tsx';
import { Screen } from '../../../parts/screen.tsx';
import { Table } from '../../../parts/table.tsx';
import { Go } from '../../app/go.tsx';
import { withSearch } from '../../app/place.ts';
import { Badge } from '../../parts/badge.tsx';
import { ChangeButton } from '../../parts/change-button.tsx';
import { formatAge, formatRate } from '../../parts/figures.ts';
import { Read } from '../../parts/read.tsx';
import { words } from './words.ts';

type Queue = Schemas['ConsoleQueue'];

const REFRESH_MS = 5_000;

export default function Queues() {
  const texts = useWords(words);
  const { api } = useClient();
  const queues = useQuery({
    queryKey: ['listConsoleQueues'],
    queryFn: async ({ signal }) => (await api.GET('/api/operator/queues', { signal })).data,
    refetchInterval: REFRESH_MS,
  });
  return (
    <Screen heading={texts.heading} wide>
      <p>
        <Go to="/jobs">{texts.allJobs}</Go>
      </p>
      <Read query={queues}>
        {(rows) => (rows.length === 0 ? <Empty>{texts.none}</Empty> : <QueueTable queues={rows} />)}
      </Read>
    </Screen>
  );
}

function QueueTable({ queues }: { queues: Queue[] }) {
  const texts = useWords(words);
  const { language } = useLanguage();
  const jobs = (queue: string, state: string, count: number) =>
    count === 0 ? '0' : <Go to={withSearch('/jobs', { queue, state })}>{formatNumber(language, count)}</Go>;
  return (
    <Table
      caption={texts.heading}
      rows={queues}
      rowKey={({ queue }) => queue}
      columns={[
        {
          heading: texts.queue,
          cell: ({ queue }) => (
            <Go className="whitespace-nowrap" to={withSearch('/jobs', { queue })}>
              {queue}
            </Go>
          ),
        },
        {
          heading: texts.state,
          cell: ({ isPaused }) => (
            <Badge tone={isPaused ? 'warn' : 'ok'}>{isPaused ? texts.paused : texts.working}</Badge>
          ),
        },
        { heading: texts.workers, numeric: true, cell: ({ workers }) => formatNumber(language, workers) },
        { heading: texts.waiting, numeric: true, cell: ({ queue, waiting }) => jobs(queue, 'waiting', waiting) },
        { heading: texts.active, numeric: true, cell: ({ queue, active }) => jobs(queue, 'active', active) },
        { heading: texts.retry, numeric: true, cell: ({ queue, retry }) => jobs(queue, 'retrying', retry) },
        { heading: texts.dead, numeric: true, cell: ({ queue, dead }) => jobs(queue, 'dead', dead) },
        {
          heading: texts.oldest,
          numeric: true,
          cell: ({ waiting, oldestSeconds }) => (waiting > 0 ? formatAge(language, oldestSeconds) : '–'),
        },
        { heading: texts.perMinute, numeric: true, cell: ({ perMinute }) => formatRate(language, perMinute) },
        { heading: texts.action, cell: (queue) => <PauseButton {...queue} /> },
      ]}
    />
  );
}

function PauseButton({ queue, worker, isPaused }: Queue) {
  const texts = useWords(words);
  const { api } = useClient();
  const action = isPaused ? 'resume' : 'pause';
  return (
    <ChangeButton
      text={texts[action]}
      name={isPaused ? texts.resumeNamed(queue) : texts.pauseNamed(queue)}
      question={<p>{isPaused ? texts.resumeText(worker) : texts.pauseText(worker)}</p>}
      stale={[['listConsoleQueues'], ['listConsoleUnits']]}
      act={({ key }) => {
        const params = { path: { queue }, header: { 'idempotency-key': key } };
        return isPaused
          ? api.POST('/api/operator/queues/{queue}/resume', { params })
          : api.POST('/api/operator/queues/{queue}/pause', { params });
      }}
    />
  );
}
