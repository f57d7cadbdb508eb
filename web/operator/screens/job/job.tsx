import { useQuery } from '@tanstack/react-query';
import { useClient } from '../../../app/client.tsx';
import { useWords } from '../../../app/language.tsx';
import { Screen } from '../../../parts/screen.tsx';
import { Time } from '../../../parts/time.tsx';
import { Go } from '../../app/go.tsx';
import { segment, withSearch } from '../../app/place.ts';
import type { ScreenProps } from '../../app/screens.ts';
import { Badge } from '../../parts/badge.tsx';
import { Facts } from '../../parts/facts.tsx';
import { Read } from '../../parts/read.tsx';
import { JobActions } from '../jobs/job-actions.tsx';
import { describePayload, jobTones } from '../jobs/job-table.tsx';
import { words } from '../jobs/words.ts';

const time = (at: string | null) => (at ? <Time at={at} /> : '–');

export default function Job({ params: { id = '' } }: ScreenProps) {
  const texts = useWords(words);
  const { api } = useClient();
  const job = useQuery({
    queryKey: ['getConsoleJob', id],
    queryFn: async ({ signal }) =>
      (await api.GET('/api/operator/jobs/{id}', { signal, params: { path: { id } } })).data,
  });
  return (
    <Screen heading={`${texts.job} ${id.slice(0, 8)}`} actions={job.data ? <JobActions job={job.data} /> : null}>
      <p className="flex flex-wrap gap-4">
        <Go to="/jobs">{texts.heading}</Go>
        {job.data ? <Go to={withSearch('/jobs', { queue: job.data.queue })}>{job.data.queue}</Go> : null}
      </p>
      <Read query={job}>
        {(shown) => (
          <Facts
            facts={[
              [texts.job, <code key="id">{shown.id}</code>],
              [texts.queue, shown.queue],
              [
                texts.state,
                <Badge key="state" tone={jobTones[shown.state]}>
                  {texts.states[shown.state]}
                </Badge>,
              ],
              [texts.attempts, `${shown.attempt} / ${shown.attempts}`],
              [
                texts.organization,
                shown.organization ? (
                  <Go key="organization" to={`/organizations/${segment(shown.organization)}`}>
                    {shown.organization}
                  </Go>
                ) : (
                  '–'
                ),
              ],
              [texts.about, describePayload(shown) || '–'],
              [texts.created, time(shown.createdAt)],
              [texts.startsAt, time(shown.startsAt)],
              [texts.started, time(shown.startedAt)],
              [texts.ended, time(shown.endedAt)],
              [texts.error, shown.lastError ?? '–'],
            ]}
          />
        )}
      </Read>
    </Screen>
  );
}
