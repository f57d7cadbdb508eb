import { useQuery } from '@tanstack/react-query';
import { useClient } from '../../../app/client.tsx';
import { useLanguage, useWords } from '../../../app/language.tsx';
import { formatNumber } from '../../../app/plural.ts';
import { Empty } from '../../../parts/empty.tsx';
import { Screen } from '../../../parts/screen.tsx';
import { Table } from '../../../parts/table.tsx';
import { Time } from '../../../parts/time.tsx';
import { Go } from '../../app/go.tsx';
import { segment } from '../../app/place.ts';
import { Badge } from '../../parts/badge.tsx';
import { OrganizationLink } from '../../parts/organization-link.tsx';
import { Read } from '../../parts/read.tsx';
import { botTones, words } from './words.ts';

const REFRESH_MS = 15_000;

export default function Bots() {
  const texts = useWords(words);
  const { language } = useLanguage();
  const { api } = useClient();
  const bots = useQuery({
    queryKey: ['listConsoleBots'],
    queryFn: async ({ signal }) => (await api.GET('/api/operator/bots', { signal, params: { query: {} } })).data,
    refetchInterval: REFRESH_MS,
  });
  const number = (value: number) => formatNumber(language, value);
  return (
    <Screen heading={texts.heading} wide>
      <p className="text-muted">{texts.about}</p>
      <Read query={bots}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty>{texts.none}</Empty>
          ) : (
            <Table
              caption={texts.heading}
              rows={rows}
              rowKey={({ id }) => id}
              columns={[
                { heading: texts.bot, cell: ({ id, username }) => <Go to={`/bots/${segment(id)}`}>@{username}</Go> },
                { heading: texts.organization, cell: ({ organizationId }) => <OrganizationLink id={organizationId} /> },
                { heading: texts.skills, cell: ({ skills }) => skills.join(', ') },
                {
                  heading: texts.state,
                  cell: ({ state }) => <Badge tone={botTones[state]}>{texts.states[state]}</Badge>,
                },
                { heading: texts.delivery, cell: ({ delivery }) => texts.deliveries[delivery] },
                { heading: texts.people, numeric: true, cell: ({ people }) => number(people) },
                { heading: texts.blocked, numeric: true, cell: ({ blocked }) => number(blocked) },
                { heading: texts.waiting, numeric: true, cell: ({ waitingUpdates }) => number(waitingUpdates) },
                { heading: texts.readings, numeric: true, cell: ({ readingsToday }) => number(readingsToday) },
                { heading: texts.created, cell: ({ createdAt }) => <Time at={createdAt} to="day" /> },
              ]}
            />
          )
        }
      </Read>
    </Screen>
  );
}
