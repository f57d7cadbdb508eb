import { styleText } from 'node:util';
import { table } from '../output.ts';
import { bytes, duration, percent, seconds } from '../quantities.ts';
import type { Rate } from './rates.ts';

const header = [
  ...['NAME', 'KIND', 'PROCESSES', 'PER SECOND', 'P95', 'ERRORS', 'REFUSED/S'],
  ...['IN FLIGHT', 'MEMORY', 'WAITING', 'OLDEST', 'WAKES'],
];

/** One sample as a table. */
export const renderRates = (rows: readonly Rate[]): string => table(header, rows.map(cells));

function cells(rate: Rate): (string | number | undefined)[] {
  const { instances, wanted, wakes, failedShare, p95 } = rate;
  return [
    rate.name,
    rate.kind,
    instances === wanted ? instances : `${instances} of ${wanted}`,
    perSecond(rate.perSecond),
    p95 && `${p95.isLeast ? '> ' : ''}${duration(p95.ms)}`,
    failedShare ? styleText('red', percent(failedShare)) : percent(failedShare),
    rate.refusedPerSecond > 0 ? styleText('yellow', perSecond(rate.refusedPerSecond)) : '',
    rate.inFlight,
    rate.memoryBytes === 0 ? '' : bytes(rate.memoryBytes),
    rate.waiting,
    rate.waiting ? seconds(rate.oldestSeconds) : '',
    wakes && (wakes.count === 0 ? '0' : `${wakes.count}, last ${duration(wakes.last?.total)}`),
  ];
}

const perSecond = (value: number): string => (value > 0 && value < 10 ? value.toFixed(1) : String(Math.round(value)));

/** The rows of all units as one frame for a terminal of this height: what exceeds the height is left out, and said. */
export function frame(title: string, body: string, height: number): string {
  const lines = body.split('\n');
  const room = Math.max(1, height - 3);
  const shown = lines.length > room ? [...lines.slice(0, room - 1), `… ${lines.length - room + 1} more`] : lines;
  return [title, '', ...shown].join('\n');
}
