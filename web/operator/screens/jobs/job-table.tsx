import type { Schemas } from '@pandect/client';
import { useWords } from '../../../app/language.tsx';
import { Table } from '../../../parts/table.tsx';
import { Time } from '../../../parts/time.tsx';
import { Go } from '../../app/go.tsx';
import { segment } from '../../app/place.ts';
import { Badge, type Tone } from '../../parts/badge.tsx';
import { JobActions } from './job-actions.tsx';
import { words } from './words.ts';

type Job = Schemas['ConsoleJob'];

export const jobTones: Record<Job['state'], Tone> = {
  waiting: 'info',
  active: 'info',
  retrying: 'warn',
  completed: 'ok',
  cancelled: 'quiet',
  dead: 'danger',
};

/** Ids of what a job is about. */
export const describePayload = ({ payload }: Pick<Job, 'payload'>): string =>
  Object.entries(payload)
    .map(([name, value]) => `${name}: ${value}`)
    .join(', ');

export function JobTable({
  jobs,
  chosen,
  onChoose,
}: {
  jobs: Job[];
  chosen: ReadonlySet<string>;
  onChoose: (ids: ReadonlySet<string>) => void;
}) {
  const texts = useWords(words);
  const all = jobs.length > 0 && jobs.every(({ id }) => chosen.has(id));
  const toggle = (id: string) =>
    onChoose(new Set(chosen.has(id) ? [...chosen].filter((each) => each !== id) : [...chosen, id]));
  return (
    <>
      <label className="flex items-center gap-2 text-sm">
        <input
          type="checkbox"
          checked={all}
          onChange={() => onChoose(all ? new Set() : new Set(jobs.map(({ id }) => id)))}
        />
        {texts.chooseAll}
      </label>
      <Table
        caption={texts.heading}
        rows={jobs}
        rowKey={({ id }) => id}
        columns={[
          {
            heading: texts.job,
            cell: ({ id }) => (
              <span className="flex items-center gap-2">
                <input
                  type="checkbox"
                  aria-label={texts.choose(id)}
                  checked={chosen.has(id)}
                  onChange={() => toggle(id)}
                />
                <Go to={`/jobs/${segment(id)}`}>
                  <code title={id} className="whitespace-nowrap">
                    {id.slice(0, 8)}
                  </code>
                </Go>
              </span>
            ),
          },
          { heading: texts.queue, cell: ({ queue }) => <span className="whitespace-nowrap">{queue}</span> },
          { heading: texts.state, cell: ({ state }) => <Badge tone={jobTones[state]}>{texts.states[state]}</Badge> },
          { heading: texts.attempts, numeric: true, cell: ({ attempt, attempts }) => `${attempt} / ${attempts}` },
          { heading: texts.created, cell: ({ createdAt }) => <Time at={createdAt} /> },
          {
            heading: texts.about,
            cell: (job) => (
              <span dir="auto" className="inline-block min-w-40 text-xs">
                {describePayload(job)}
              </span>
            ),
          },
          {
            heading: texts.error,
            cell: ({ lastError }) => (
              <span dir="auto" className="line-clamp-2 min-w-40 text-xs">
                {lastError ?? ''}
              </span>
            ),
          },
          { heading: texts.action, cell: (job) => <JobActions job={job} /> },
        ]}
      />
    </>
  );
}
