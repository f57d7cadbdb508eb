import type { Schemas } from '@pandect/client';
import { useQuery } from '@tanstack/react-query';
import { useClient } from '../../../app/client.tsx';
import { useLanguage, useWords } from '../../../app/language.tsx';
import { formatNumber } from '../../../app/plural.ts';
import { formatBytes } from '../../../parts/bytes.ts';
import { Empty } from '../../../parts/empty.tsx';
import { Notice } from '../../../parts/notice.tsx';
import { Screen } from '../../../parts/screen.tsx';
import { Table } from '../../../parts/table.tsx';
import { Time } from '../../../parts/time.tsx';
import { useFilters } from '../../app/place.ts';
import { Badge } from '../../parts/badge.tsx';
import { ChangeButton } from '../../parts/change-button.tsx';
import { ChangeProgress } from '../../parts/change-progress.tsx';
import { Facts } from '../../parts/facts.tsx';
import { Read } from '../../parts/read.tsx';
import { words } from './words.ts';

type Backups = Schemas['ConsoleBackups'];

const tones = { off: 'quiet', never: 'warn', failed: 'danger', old: 'danger', ok: 'ok' } as const;

export default function BackupsScreen() {
  const texts = useWords(words);
  const { api } = useClient();
  const [{ change }, setFilters] = useFilters(['change']);
  const backups = useQuery({
    queryKey: ['listConsoleBackups'],
    queryFn: async ({ signal }) => (await api.GET('/api/operator/backups', { signal })).data,
  });
  const { data } = backups;
  return (
    <Screen
      heading={texts.heading}
      wide
      actions={
        <ChangeButton
          text={texts.make}
          disabled={data === undefined || data.state === 'off' || data.isBusy}
          question={<p>{texts.makeText}</p>}
          stale={[['listConsoleBackups'], ['getConsoleOverview']]}
          act={async ({ key }) =>
            (await api.POST('/api/operator/backups', { params: { header: { 'idempotency-key': key } } })).data
          }
          onDone={({ id }) => setFilters({ change: id })}
        />
      }
    >
      {change ? (
        <ChangeProgress
          key={change}
          id={change}
          unit={texts.heading}
          onClose={() => setFilters({ change: undefined })}
        />
      ) : null}
      <Read query={backups}>{(shown) => <Shown backups={shown} />}</Read>
    </Screen>
  );
}

function Shown({ backups }: { backups: Backups }) {
  const texts = useWords(words);
  const { state, lastSuccessAt, lastFailure, logUntil, verified, drill, isBusy, failure, ranges } = backups;
  const time = (at: string | null | undefined) => (at ? <Time at={at} /> : '–');
  return (
    <>
      {failure ? <Notice tone="danger">{texts.unreachable(failure)}</Notice> : null}
      {isBusy ? <Notice>{texts.busy}</Notice> : null}
      <Facts
        facts={[
          [
            texts.state,
            <Badge key="state" tone={tones[state]}>
              {texts.states[state]}
            </Badge>,
          ],
          [texts.lastSuccess, time(lastSuccessAt)],
          [
            texts.lastFailure,
            lastFailure ? (
              <>
                <Time at={lastFailure.at} /> {lastFailure.message}
              </>
            ) : (
              '–'
            ),
          ],
          [texts.log, time(logUntil)],
          [texts.verified, time(verified?.at)],
          [
            texts.drill,
            drill ? (
              <>
                <Time at={drill.at} /> {drill.isPassed ? texts.passed : texts.notPassed}
              </>
            ) : (
              '–'
            ),
          ],
        ]}
      />
      <Kept backups={backups.backups ?? []} />
      {ranges.length > 0 ? (
        <div className="grid gap-3">
          <h2>{texts.ranges}</h2>
          <Table
            caption={texts.ranges}
            rows={ranges}
            rowKey={({ home, from }) => `${home} ${from}`}
            columns={[
              { heading: texts.from, cell: ({ from }) => <Time at={from} /> },
              { heading: texts.until, cell: ({ until }) => <Time at={until} /> },
            ]}
          />
          <p className="text-sm text-muted">{texts.host}</p>
        </div>
      ) : null}
    </>
  );
}

function Kept({ backups }: { backups: NonNullable<Backups['backups']> }) {
  const texts = useWords(words);
  const { language } = useLanguage();
  return (
    <div className="grid gap-3">
      <h2>{texts.kept}</h2>
      {backups.length === 0 ? (
        <Empty>{texts.none}</Empty>
      ) : (
        <Table
          caption={texts.kept}
          rows={backups.toReversed()}
          rowKey={({ id }) => id}
          columns={[
            { heading: texts.backup, cell: ({ id }) => <code className="whitespace-nowrap">{id}</code> },
            { heading: texts.at, cell: ({ at }) => <Time at={at} /> },
            {
              heading: texts.state,
              cell: ({ isComplete }) => (
                <Badge tone={isComplete ? 'ok' : 'danger'}>{isComplete ? texts.complete : texts.incomplete}</Badge>
              ),
            },
            { heading: texts.version, cell: ({ version }) => version ?? '–' },
            {
              heading: texts.files,
              numeric: true,
              cell: ({ files }) => (files === undefined ? '–' : formatNumber(language, files)),
            },
            {
              heading: texts.size,
              numeric: true,
              cell: ({ bytes }) => (bytes === undefined ? '–' : formatBytes(language, bytes)),
            },
          ]}
        />
      )}
    </div>
  );
}
