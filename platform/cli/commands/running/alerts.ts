import { type Command, InvalidArgumentError } from 'commander';
import type { AlertListing } from '../../../supervisor/alerts/running/alerts.ts';
import type { Silence } from '../../../supervisor/alerts/state/silence.ts';
import { ask } from '../../control-client.ts';
import { examples, print, table, tinted } from '../../output.ts';
import { dateTime } from '../../quantities.ts';

const about = `
Alerts are evaluated by the running platform, also while its database is down, and go to ALERT_EMAIL, ALERT_TELEGRAM_CHAT and ALERT_WEBHOOK;
docs/monitoring.md says what each means and what to do.
`;

export function alerts(program: Command): void {
  const command = program
    .command('alerts')
    .description('See what is wrong now, try the channels of alerts, and silence alerts')
    .addHelpText('after', about)
    .addHelpText(
      'after',
      examples('pandect alerts list', 'pandect alerts test', 'pandect alerts silence Queue --for 2h'),
    );
  for (const add of [list, test, silence]) add(command);
}

function list(command: Command): void {
  command
    .command('list')
    .description('List the alerts that fire or are about to, the last ones that ended, and the channels')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('pandect alerts list', 'pandect alerts list --json'))
    .action(async ({ json }) => {
      const listing = await ask<AlertListing>('GET', '/alerts');
      print(json, listing, describe(listing));
    });
}

function test(command: Command): void {
  command
    .command('test')
    .description('Send a test message by each channel; status 1 when one of them fails')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('pandect alerts test'))
    .action(async ({ json }) => {
      const rows = await ask<{ channel: string; failure: string | null }[]>('POST', '/alerts/test', {}, TEST_MS);
      const lines = rows.map(({ channel, failure }) => [
        channel,
        tinted(failure === null ? 'ok' : 'failed'),
        failure ?? '',
      ]);
      print(json, rows, rows.length > 0 ? table(['CHANNEL', 'STATE', 'REASON'], lines) : NO_CHANNELS);
      if (rows.length === 0 || rows.some(({ failure }) => failure !== null)) process.exitCode = 1;
    });
}

function silence(command: Command): void {
  command
    .command('silence [name]')
    .description('Send nothing of an alert for a while; without a name, list what is silenced')
    .option('--for <time>', 'how long: 30m, 2h, 3d', readTime)
    .option('--unit <name>', 'only where it is about this unit, queue or provider')
    .option('--end', 'send it again')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples(
        'pandect alerts silence Queue --for 2h --unit ingest',
        'pandect alerts silence',
        'pandect alerts silence Queue --unit ingest --end',
      ),
    )
    .action(async (rule: string | undefined, { for: seconds, unit, end, json }) => {
      if (rule === undefined) {
        const { silences } = await ask<AlertListing>('GET', '/alerts');
        return print(json, silences, silences.length > 0 ? silenceTable(silences) : 'Nothing is silenced');
      }
      const asked = { rule, ...(unit !== undefined && { unit }) };
      const what = unit === undefined ? rule : `${rule} of ${unit}`;
      if (end) {
        const ended = await ask<object>('POST', '/alerts/silences/end', asked);
        return print(json, ended, `${what} is sent again`);
      }
      if (seconds === undefined) throw new Error(`Silence "${rule}": for how long? Add --for 2h, or --end`);
      const made = await ask<Silence>('POST', '/alerts/silences', { ...asked, seconds });
      print(json, made, `${what} is silent until ${dateTime(made.until)}`);
    });
}

const TEST_MS = 90_000;
const NO_CHANNELS =
  'There are no channels: set ALERT_EMAIL, ALERT_TELEGRAM_TOKEN or ALERT_WEBHOOK; see docs/monitoring.md';

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

function readTime(text: string): number {
  const [, digits, unit = ''] = /^(\d+)([smhd])$/.exec(text) ?? [];
  const seconds = Number(digits) * (UNITS[unit] ?? 0);
  if (seconds > 0) return seconds;
  throw new InvalidArgumentError('It must be a time such as 30m, 2h or 3d.');
}

function describe({ alerts, past, silences, channels, mistakes, evaluatedAt, isReadable }: AlertListing): string {
  const firing = alerts.map((alert) => [
    ...[alert.rule, tinted(alert.state), alert.isSilenced ? 'silenced' : alert.severity],
    ...[dateTime(alert.since), alert.sentence, alert.command],
  ]);
  const parts = [
    firing.length > 0 ? table(['NAME', 'STATE', 'SEVERITY', 'SINCE', 'WHAT', 'RUN'], firing) : 'No alert fires',
    ...(past.length > 0 ? [pastTable(past.slice(0, MOST_PAST))] : []),
    ...(silences.length > 0 ? [silenceTable(silences)] : []),
    channels.length > 0 ? channelTable(channels) : NO_CHANNELS,
    ...(mistakes.length > 0
      ? [['The rule file is not in effect:', ...mistakes.map((line) => `  ${line}`)].join('\n')]
      : []),
    ...(evaluatedAt === null
      ? ['Not evaluated yet']
      : isReadable
        ? []
        : ['The figures of the platform cannot be read']),
  ];
  return parts.join('\n\n');
}

const MOST_PAST = 10;

const pastTable = (past: AlertListing['past']) =>
  table(
    ['ENDED', 'NAME', 'SINCE', 'WHAT'],
    past.map(({ endedAt, rule, since, sentence }) => [dateTime(endedAt), rule, dateTime(since), sentence]),
  );
const silenceTable = (silences: readonly Silence[]) =>
  table(
    ['SILENCED', 'UNIT', 'UNTIL'],
    silences.map(({ rule, unit, until }) => [rule, unit, dateTime(until)]),
  );
const channelTable = (channels: AlertListing['channels']) =>
  table(
    ['CHANNEL', 'STATE', 'LAST SENT', 'WAITING', 'REASON'],
    channels.map(({ name, sentAt, failure, waiting }) => [
      ...[name, tinted(failure ? 'failed' : 'ok'), dateTime(sentAt), waiting, failure?.message],
    ]),
  );
