import type { Client, Schemas } from '@pandect/client';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useClient } from '../../app/client.tsx';
import { saveFile } from '../../app/download.ts';
import { useWords } from '../../app/language.tsx';
import { isAtLeast, useMe } from '../../app/me.ts';
import { Failure } from '../../app/problem.tsx';
import { usePages } from '../../app/use-pages.ts';
import { Button } from '../../parts/button.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Choice, Field } from '../../parts/field.tsx';
import { NotAllowed } from '../../parts/not-allowed.tsx';
import { Paged } from '../../parts/paged.tsx';
import { Screen } from '../../parts/screen.tsx';
import { Table } from '../../parts/table.tsx';
import { Time } from '../../parts/time.tsx';
import { type AuditFilter, auditRoute } from './route.ts';
import { words } from './words.ts';

type Act = Schemas['Act'];

const PAGE = 100;

export default function Audit() {
  const texts = useWords(words);
  const me = useMe();
  if (me && !isAtLeast(me.role, 'admin')) {
    return (
      <Screen heading={texts.heading}>
        <NotAllowed least="admin" />
      </Screen>
    );
  }
  return <AuditLog />;
}

/** The filter as the API takes it: days become moments of the person's zone, the last day included. */
function queryOf({ actor, act, from, to }: AuditFilter) {
  const after = (day: string) => {
    const date = new Date(`${day}T00:00:00`);
    date.setDate(date.getDate() + 1);
    return date.toISOString();
  };
  return {
    ...(actor ? { actorId: actor } : {}),
    ...(act ? { action: act } : {}),
    ...(from ? { from: new Date(`${from}T00:00:00`).toISOString() } : {}),
    ...(to ? { to: after(to) } : {}),
  };
}

const readActs = async (client: Client, query: object, signal?: AbortSignal) =>
  (await client.api.GET('/api/organization/audit', { params: { query }, ...(signal ? { signal } : {}) })).data;

function AuditLog() {
  const texts = useWords(words);
  const client = useClient();
  const filter = auditRoute.useSearch();
  const query = queryOf(filter);
  const pages = usePages(['listActs', query], (cursor, signal) =>
    readActs(client, { ...query, ...cursor, limit: PAGE }, signal),
  );
  return (
    <Screen heading={texts.heading} wide actions={<CsvButton query={query} />}>
      <FilterForm filter={filter} />
      <Paged pages={pages} empty={<Empty>{texts.none}</Empty>}>
        {(acts) => <ActTable acts={acts} />}
      </Paged>
    </Screen>
  );
}

function FilterForm({ filter }: { filter: AuditFilter }) {
  const texts = useWords(words);
  const { api } = useClient();
  const navigate = auditRoute.useNavigate();
  const members = useQuery({
    queryKey: ['listMembers'],
    queryFn: async ({ signal }) => (await api.GET('/api/organization/members', { signal })).data,
  });
  const set = (change: Partial<Record<keyof AuditFilter, string>>) =>
    navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  return (
    <search className="grid items-end gap-4 sm:grid-cols-2 lg:grid-cols-4">
      <Choice
        label={texts.person}
        value={filter.actor ?? ''}
        options={[
          { value: '', text: texts.everyone },
          ...(members.data?.items ?? []).map(({ id, email }) => ({ value: id, text: email })),
        ]}
        onChoose={(actor) => set({ actor })}
      />
      <Choice
        label={texts.act}
        value={filter.act ?? ''}
        options={[
          { value: '', text: texts.any },
          ...Object.entries(texts.acts).map(([value, text]) => ({ value, text })),
        ]}
        onChoose={(act) => set({ act })}
      />
      <Field
        label={texts.from}
        type="date"
        value={filter.from ?? ''}
        onChange={(event) => set({ from: event.currentTarget.value })}
      />
      <Field
        label={texts.to}
        type="date"
        value={filter.to ?? ''}
        onChange={(event) => set({ to: event.currentTarget.value })}
      />
      {Object.keys(filter).length > 0 ? (
        <Button
          kind="quiet"
          className="justify-self-start"
          onClick={() => set({ actor: '', act: '', from: '', to: '' })}
        >
          {texts.reset}
        </Button>
      ) : null}
    </search>
  );
}

function ActTable({ acts }: { acts: Act[] }) {
  const texts = useWords(words);
  return (
    <Table
      caption={texts.heading}
      rows={acts}
      rowKey={({ id }) => id}
      columns={[
        { heading: texts.time, cell: ({ createdAt }) => <Time at={createdAt} /> },
        { heading: texts.person, cell: ({ actor }) => actor },
        { heading: texts.act, cell: ({ action }) => texts.acts[action] ?? action },
        { heading: texts.target, cell: ({ target }) => <span className="block min-w-40 wrap-anywhere">{target}</span> },
        {
          heading: texts.details,
          cell: ({ details }) => <span className="block min-w-48 wrap-anywhere">{describe(details)}</span>,
        },
        { heading: texts.address, cell: ({ address }) => address ?? '—' },
      ]}
    />
  );
}

const describe = (details: Act['details']): string =>
  Object.entries(details)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('; ');

/** The whole of what the filter finds, as the server writes it. */
function CsvButton({ query }: { query: object }) {
  const texts = useWords(words);
  const { api } = useClient();
  const download = useMutation({
    async mutationFn() {
      const { data, response } = await api.GET('/api/organization/audit/export', {
        params: { query: { ...query, format: 'csv' } },
        parseAs: 'blob',
      });
      // The mark at the beginning lets Excel read Russian letters
      if (data) saveFile(response, new Blob(['\ufeff', data], { type: 'text/csv' }), 'audit.csv');
    },
  });
  return (
    <>
      <Button kind="secondary" busy={download.isPending} onClick={() => download.mutate()}>
        {texts.csv}
      </Button>
      {download.error ? <Failure error={download.error} /> : null}
    </>
  );
}
