import type { Schemas } from '@pandect/client';
import { useLanguage, useWords } from '../../../app/language.tsx';
import { formatNumber } from '../../../app/plural.ts';
import { Empty } from '../../../parts/empty.tsx';
import { Notice } from '../../../parts/notice.tsx';
import { Screen } from '../../../parts/screen.tsx';
import { type Column, Table } from '../../../parts/table.tsx';
import { Time } from '../../../parts/time.tsx';
import { Go } from '../../app/go.tsx';
import { segment } from '../../app/place.ts';
import { Badge } from '../../parts/badge.tsx';
import { formatAge } from '../../parts/figures.ts';
import { Read } from '../../parts/read.tsx';
import { SeverityBadge } from './severity-badge.tsx';
import { EndSilenceButton, SilenceButton } from './silence.tsx';
import { useAlerts } from './use-alerts.ts';
import { words } from './words.ts';

type Alerts = Schemas['ConsoleAlerts'];

export default function AlertsScreen() {
  const texts = useWords(words);
  const alerts = useAlerts();
  return (
    <Screen heading={texts.heading} wide>
      <Read query={alerts}>
        {(data) => (
          <>
            {data.isReadable ? null : <Notice tone="danger">{texts.unreadable}</Notice>}
            {data.mistakes.length > 0 ? (
              <Notice tone="danger">
                {texts.mistakes}: {data.mistakes.join('; ')}
              </Notice>
            ) : null}
            <Firing alerts={data.alerts} />
            {data.silences.length > 0 ? <Silences silences={data.silences} /> : null}
            <Channels channels={data.channels} quietHours={data.quietHours} />
            <Past past={data.past} />
            <Rules rules={data.rules} />
          </>
        )}
      </Read>
    </Screen>
  );
}

/** A heading with its table, or what is said when there is nothing. */
function List<Row>({
  heading,
  rows,
  rowKey,
  columns,
  none = '',
}: {
  heading: string;
  rows: Row[];
  rowKey: (row: Row) => string;
  columns: Column<Row>[];
  none?: string;
}) {
  return (
    <div className="grid gap-3">
      <h2>{heading}</h2>
      {rows.length === 0 ? (
        <Empty>{none}</Empty>
      ) : (
        <Table caption={heading} rows={rows} rowKey={rowKey} columns={columns} />
      )}
    </div>
  );
}

function Firing({ alerts }: Pick<Alerts, 'alerts'>) {
  const texts = useWords(words);
  return (
    <List
      heading={texts.now}
      rows={alerts}
      none={texts.none}
      rowKey={({ rule, labels }) => `${rule} ${JSON.stringify(labels)}`}
      columns={[
        {
          heading: texts.severity,
          cell: ({ severity, state, isSilenced }) => (
            <SeverityBadge severity={severity}>
              <Badge tone="quiet">{isSilenced ? texts.silenced : texts.states[state]}</Badge>
            </SeverityBadge>
          ),
        },
        { heading: texts.what, cell: ({ sentence }) => <span className="inline-block min-w-48">{sentence}</span> },
        { heading: texts.since, cell: ({ since }) => <Time at={since} /> },
        {
          heading: texts.help,
          cell: ({ rule, screen, command }) => (
            <span className="grid min-w-48 gap-1 text-xs">
              <Go to={`/alerts/${segment(rule)}`}>{texts.helpNamed(rule)}</Go>
              <Go to={screen}>{texts.cause}</Go>
              <span>
                {texts.onHost} <code>{command}</code>
              </span>
            </span>
          ),
        },
        { heading: texts.action, cell: (alert) => <SilenceButton alert={alert} /> },
      ]}
    />
  );
}

function Silences({ silences }: Pick<Alerts, 'silences'>) {
  const texts = useWords(words);
  return (
    <List
      heading={texts.silences}
      rows={silences}
      rowKey={({ rule, unit }) => `${rule} ${unit}`}
      columns={[
        { heading: texts.rule, cell: ({ rule }) => rule },
        { heading: texts.about, cell: ({ unit }) => unit ?? texts.everything },
        { heading: texts.until, cell: ({ until }) => <Time at={until} /> },
        { heading: texts.action, cell: (silence) => <EndSilenceButton silence={silence} /> },
      ]}
    />
  );
}

function Channels({ channels, quietHours }: Pick<Alerts, 'channels' | 'quietHours'>) {
  const texts = useWords(words);
  const { language } = useLanguage();
  return (
    <>
      <List
        heading={texts.channels}
        rows={channels}
        none={texts.noChannels}
        rowKey={({ name }) => name}
        columns={[
          { heading: texts.channel, cell: ({ name }) => name },
          { heading: texts.waiting, numeric: true, cell: ({ waiting }) => formatNumber(language, waiting) },
          { heading: texts.sent, cell: ({ sentAt }) => (sentAt ? <Time at={sentAt} /> : '–') },
          {
            heading: texts.failure,
            cell: ({ failure }) =>
              failure ? (
                <span className="text-danger">
                  <Time at={failure.at} /> {failure.message}
                </span>
              ) : (
                ''
              ),
          },
        ]}
      />
      {quietHours ? <p className="text-sm text-muted">{texts.quiet(quietHours)}</p> : null}
    </>
  );
}

function Past({ past }: Pick<Alerts, 'past'>) {
  const texts = useWords(words);
  return (
    <List
      heading={texts.past}
      rows={past}
      none={texts.nonePast}
      rowKey={({ rule, labels, since }) => `${rule} ${since} ${JSON.stringify(labels)}`}
      columns={[
        { heading: texts.severity, cell: ({ severity }) => <SeverityBadge severity={severity} /> },
        { heading: texts.what, cell: ({ sentence }) => sentence },
        { heading: texts.since, cell: ({ since }) => <Time at={since} /> },
        { heading: texts.ended, cell: ({ endedAt }) => <Time at={endedAt} /> },
      ]}
    />
  );
}

function Rules({ rules }: Pick<Alerts, 'rules'>) {
  const texts = useWords(words);
  const { language } = useLanguage();
  return (
    <List
      heading={texts.rules}
      rows={rules}
      rowKey={({ name }) => name}
      columns={[
        {
          heading: texts.rule,
          cell: ({ name }) => (
            <Go to={`/alerts/${segment(name)}`} className="whitespace-nowrap">
              {name}
            </Go>
          ),
        },
        { heading: texts.severity, cell: ({ severity }) => <SeverityBadge severity={severity} /> },
        { heading: texts.what, cell: ({ sentence }) => <span className="inline-block min-w-48">{sentence}</span> },
        { heading: texts.threshold, numeric: true, cell: ({ threshold }) => threshold ?? '–' },
        {
          heading: texts.lasting,
          numeric: true,
          cell: ({ forSeconds }) => (forSeconds > 0 ? formatAge(language, forSeconds) : '–'),
        },
      ]}
    />
  );
}
