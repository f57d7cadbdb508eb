import type { Schemas } from '@pandect/client';
import { useQuery } from '@tanstack/react-query';
import { useClient } from '../../../app/client.tsx';
import { useWords } from '../../../app/language.tsx';
import { Empty } from '../../../parts/empty.tsx';
import { Choice } from '../../../parts/field.tsx';
import { Screen } from '../../../parts/screen.tsx';
import { Table } from '../../../parts/table.tsx';
import { Time } from '../../../parts/time.tsx';
import { useFilters } from '../../app/place.ts';
import { Badge, type Tone } from '../../parts/badge.tsx';
import { ChangeButton } from '../../parts/change-button.tsx';
import { OrganizationLink } from '../../parts/organization-link.tsx';
import { Read } from '../../parts/read.tsx';
import { words } from './words.ts';

type Image = Schemas['ConsoleImage'];

const REFRESH_MS = 10_000;
const tones: Record<string, Tone> = {
  done: 'ok',
  failed: 'danger',
  refused: 'warn',
  expired: 'danger',
  cancelled: 'quiet',
};

export default function Images() {
  const texts = useWords(words);
  const { api } = useClient();
  const [filters, setFilters] = useFilters(['status']);
  const status = Object.keys(texts.statuses).find((each) => each === filters.status);
  const images = useQuery({
    queryKey: ['listConsoleImages', status],
    queryFn: async ({ signal }) =>
      (await api.GET('/api/operator/images', { signal, params: { query: status ? { status } : {} } })).data,
    refetchInterval: REFRESH_MS,
  });
  return (
    <Screen heading={texts.heading} wide>
      <p className="text-muted">{texts.about}</p>
      <search className="max-w-sm">
        <Choice
          label={texts.status}
          value={status ?? ''}
          options={[
            { value: '', text: texts.anyStatus },
            ...Object.entries(texts.statuses).map(([value, text]) => ({ value, text })),
          ]}
          onChoose={(value) => setFilters({ status: value })}
        />
      </search>
      <Read query={images}>
        {(rows) => (rows.length === 0 ? <Empty>{texts.none}</Empty> : <ImageTable images={rows} />)}
      </Read>
    </Screen>
  );
}

function ImageTable({ images }: { images: Image[] }) {
  const texts = useWords(words);
  return (
    <Table
      caption={texts.heading}
      rows={images}
      rowKey={({ id }) => id}
      columns={[
        {
          heading: texts.job,
          cell: ({ id }) => (
            <code className="whitespace-nowrap" title={id}>
              {id.slice(0, 8)}
            </code>
          ),
        },
        {
          heading: texts.status,
          cell: ({ status, reason, late, maybeCharged, cancelAskedAt }) => (
            <div className="grid justify-items-start gap-0.5">
              <Badge tone={tones[status] ?? 'info'}>{texts.statuses[status] ?? status}</Badge>
              <span className="text-xs text-muted">
                {[
                  reason,
                  late ? texts.late : '',
                  maybeCharged ? texts.charged : '',
                  cancelAskedAt && status !== 'cancelled' ? texts.asked : '',
                ]
                  .filter(Boolean)
                  .join(', ')}
              </span>
            </div>
          ),
        },
        {
          heading: texts.model,
          cell: ({ model, provider }) => (
            <>
              {model} <span className="block text-xs text-muted">{provider}</span>
            </>
          ),
        },
        {
          heading: texts.size,
          numeric: true,
          cell: ({ width, height, count }) => (
            <span className="whitespace-nowrap">{`${count} × ${width}×${height}`}</span>
          ),
        },
        { heading: texts.units, numeric: true, cell: ({ units }) => units },
        { heading: texts.attempts, numeric: true, cell: ({ attempts }) => attempts },
        { heading: texts.organization, cell: ({ organizationId }) => <OrganizationLink id={organizationId} /> },
        { heading: texts.created, cell: ({ createdAt }) => <Time at={createdAt} /> },
        { heading: texts.ended, cell: ({ endedAt }) => (endedAt ? <Time at={endedAt} /> : '–') },
        {
          heading: texts.action,
          cell: (image) =>
            image.endedAt === null && image.cancelAskedAt === null ? <CancelButton {...image} /> : null,
        },
      ]}
    />
  );
}

function CancelButton({ id }: Image) {
  const texts = useWords(words);
  const { api } = useClient();
  return (
    <ChangeButton
      text={texts.cancel}
      name={texts.cancelNamed(id)}
      confirm={texts.confirm}
      kind="danger"
      question={<p>{texts.cancelText}</p>}
      stale={[['listConsoleImages']]}
      act={({ key }) =>
        api.POST('/api/operator/images/{id}/cancel', {
          params: { path: { id }, header: { 'idempotency-key': key } },
        })
      }
    />
  );
}
