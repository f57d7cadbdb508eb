import { type Command, InvalidArgumentError } from 'commander';
import type { ErrorRow } from '../../../supervisor/control/contract.ts';
import { askIfRunning, currentHome } from '../../control-client.ts';
import { moment } from '../../moment.ts';
import { examples, print, table } from '../../output.ts';
import { dateTime } from '../../quantities.ts';

export const errors = (program: Command) =>
  program
    .command('errors')
    .description(
      'List what went wrong in functions and workers, grouped, the last seen first; also of a stopped platform',
    )
    .option('--since <time>', 'seen since then: 90m, 24h or a time, at most 7d ago', counted, moment('24h'))
    .option('--unit <unit>', 'of this function or worker, or of the supervisor')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples('pandect errors', 'pandect errors --since 2h --unit ask', 'pandect errors --since 7d --json'),
    )
    .action(async ({ since: from, unit, json }: { since: Date; unit?: string; json?: boolean }) => {
      const since = from.getTime();
      const rows =
        (await askIfRunning<ErrorRow[]>(`/errors?${queryOf({ since, unit })}`)) ?? (await written(since, unit));
      const lines = rows.flatMap((row, place) => [
        ...(place === 0 ? [] : ['']),
        `${row.unit}  ${row.name}${row.frame === null ? '' : `  ${row.frame}`}`,
        `  ${row.example}`,
      ]);
      const counts = rows.map((row) => [
        ...[row.count, row.unit, row.name, dateTime(row.firstSeen), dateTime(row.lastSeen), row.release ?? undefined],
      ]);
      const header = ['COUNT', 'NAME', 'ERROR', 'FIRST SEEN', 'LAST SEEN', 'RELEASE'];
      const text = rows.length === 0 ? 'No errors' : [table(header, counts), '', ...lines].join('\n');
      print(json, rows, text);
    });

const MOST_DAYS = 7;

function counted(typed: string): Date {
  const since = moment(typed);
  if (since < moment(`${MOST_DAYS}d`)) throw new InvalidArgumentError(`Errors are counted for ${MOST_DAYS} days.`);
  return since;
}

const queryOf = ({ since, unit }: { since: number; unit: string | undefined }) =>
  new URLSearchParams({ since: String(since), ...(unit !== undefined && { unit }) });

/** Of a platform that does not run: what it wrote down last. */
async function written(since: number, unit: string | undefined): Promise<ErrorRow[]> {
  const [{ errorRows }, { errorsPath, readErrorGroups }, home] = await Promise.all([
    import('../../../supervisor/errors/error-groups.ts'),
    import('../../../supervisor/errors/start-errors.ts'),
    currentHome(),
  ]);
  return errorRows(await readErrorGroups(errorsPath(home.root)), { since, unit });
}
