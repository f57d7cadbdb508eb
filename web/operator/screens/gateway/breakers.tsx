import type { Schemas } from '@pandect/client';
import { useQuery } from '@tanstack/react-query';
import { useClient } from '../../../app/client.tsx';
import { useWords } from '../../../app/language.tsx';
import { Empty } from '../../../parts/empty.tsx';
import { Table } from '../../../parts/table.tsx';
import { Time } from '../../../parts/time.tsx';
import { Badge } from '../../parts/badge.tsx';
import { ChangeButton } from '../../parts/change-button.tsx';
import { Read } from '../../parts/read.tsx';
import { words } from './words.ts';

type Breaker = Schemas['ConsoleBreaker'];

const REFRESH_MS = 5_000;
const tones = { closed: 'ok', open: 'danger', 'half-open': 'warn' } as const;

/** Targets that were kept from getting requests, or may be. */
export function Breakers() {
  const texts = useWords(words);
  const { api } = useClient();
  const breakers = useQuery({
    queryKey: ['listConsoleBreakers'],
    queryFn: async ({ signal }) => (await api.GET('/api/operator/gateway/breakers', { signal })).data,
    refetchInterval: REFRESH_MS,
  });
  return (
    <div className="grid gap-3">
      <h2>{texts.breakers}</h2>
      <Read query={breakers}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty>{texts.noBreakers}</Empty>
          ) : (
            <Table
              caption={texts.breakers}
              rows={rows}
              rowKey={({ target }) => target}
              columns={[
                { heading: texts.target, cell: ({ target }) => target },
                {
                  heading: texts.state,
                  cell: ({ state }) => <Badge tone={tones[state]}>{texts.states[state]}</Badge>,
                },
                { heading: texts.failures, numeric: true, cell: ({ failures }) => failures },
                {
                  heading: texts.until,
                  cell: ({ state, until }) => (state === 'closed' ? '–' : until ? <Time at={until} /> : texts.byHand),
                },
                { heading: texts.action, cell: (breaker) => <SetButton {...breaker} /> },
              ]}
            />
          )
        }
      </Read>
    </div>
  );
}

function SetButton({ target, state }: Breaker) {
  const texts = useWords(words);
  const { api } = useClient();
  const isClosed = state === 'closed';
  return (
    <ChangeButton
      text={isClosed ? texts.open : texts.close}
      name={isClosed ? texts.openNamed(target) : texts.closeNamed(target)}
      kind={isClosed ? 'danger' : 'secondary'}
      question={<p>{isClosed ? texts.openText : texts.closeText}</p>}
      stale={[['listConsoleBreakers']]}
      act={({ key }) =>
        api.POST('/api/operator/gateway/breakers', {
          params: { header: { 'idempotency-key': key } },
          body: { target, state: isClosed ? 'open' : 'closed' },
        })
      }
    />
  );
}
