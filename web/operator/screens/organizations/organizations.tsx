import type { Schemas } from '@pandect/client';
import { useClient } from '../../../app/client.tsx';
import { useLanguage, useWords } from '../../../app/language.tsx';
import { formatNumber } from '../../../app/plural.ts';
import { usePages } from '../../../app/use-pages.ts';
import { Empty } from '../../../parts/empty.tsx';
import { Paged } from '../../../parts/paged.tsx';
import { Screen } from '../../../parts/screen.tsx';
import { Table } from '../../../parts/table.tsx';
import { Time } from '../../../parts/time.tsx';
import { Go } from '../../app/go.tsx';
import { segment, useFilters } from '../../app/place.ts';
import { Badge } from '../../parts/badge.tsx';
import { FilterField } from '../../parts/filter-field.tsx';
import { words } from './words.ts';

export default function Organizations() {
  const texts = useWords(words);
  const { api } = useClient();
  const [{ search = '' }, setFilters] = useFilters(['search']);
  const pages = usePages(
    ['listOrganizations', search],
    async (cursor, signal) =>
      (
        await api.GET('/api/admin/organizations', {
          signal,
          params: { query: { ...cursor, limit: 50, ...(search && { search }) } },
        })
      ).data,
  );
  return (
    <Screen heading={texts.heading} wide>
      <search className="max-w-xl">
        <FilterField
          label={texts.search}
          hint={texts.searchHint}
          maxLength={200}
          value={search}
          onFilter={(wanted) => setFilters({ search: wanted })}
        />
      </search>
      <Paged pages={pages} empty={<Empty>{search ? texts.notFound(search) : texts.none}</Empty>}>
        {(items) => <OrganizationTable items={items} />}
      </Paged>
    </Screen>
  );
}

function OrganizationTable({ items }: { items: Schemas['AdministeredOrganization'][] }) {
  const texts = useWords(words);
  const { language } = useLanguage();
  return (
    <Table
      caption={texts.heading}
      rows={items}
      rowKey={({ id }) => id}
      columns={[
        {
          heading: texts.name,
          cell: ({ id, name }) => (
            <Go to={`/organizations/${segment(id)}`} dir="auto" className="inline-block min-w-40">
              {name}
            </Go>
          ),
        },
        { heading: texts.plan, cell: ({ tier }) => <Go to={`/plans/${segment(tier)}`}>{tier}</Go> },
        {
          heading: texts.state,
          cell: ({ suspendedAt }) => (
            <Badge tone={suspendedAt ? 'warn' : 'ok'}>{suspendedAt ? texts.suspended : texts.active}</Badge>
          ),
        },
        {
          heading: texts.credits,
          numeric: true,
          cell: ({ questionCredits }) => formatNumber(language, questionCredits),
        },
        { heading: texts.created, cell: ({ createdAt }) => <Time at={createdAt} to="day" /> },
      ]}
    />
  );
}
