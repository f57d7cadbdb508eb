import {
  above,
  absent,
  ago,
  average,
  below,
  both,
  from,
  max,
  minus,
  predict,
  ratio,
  series,
  type Vector,
} from '../expressions/expression.ts';
import { DAY, HOUR, MINUTE } from './durations.ts';
import type { AlertRule } from './rule.ts';

const host = (what: string) => series(`pandect_host_${what}`);
const usedShare = (free: string, total: string): Vector => minus(1, ratio(host(free), host(total)));
const freeDisk = ratio(host('disk_free_bytes'), host('disk_total_bytes'));
const busy = host('cpu_busy_ratio');

/** Whether the machine and the database have room. */
export const hostRules: readonly AlertRule[] = [
  {
    name: 'Memory',
    severity: 'critical',
    threshold: 0.95,
    condition: (most) => above(usedShare('memory_available_bytes', 'memory_total_bytes'), most),
    forSeconds: 2 * MINUTE,
    unit: 'share',
    sentence: '{value} of the memory is in use (limit {threshold})',
    command: 'pandect top',
  },
  {
    name: 'Swap',
    severity: 'warning',
    threshold: 0.5,
    condition: (most) => above(usedShare('swap_free_bytes', 'swap_total_bytes'), most),
    forSeconds: 10 * MINUTE,
    unit: 'share',
    sentence: '{value} of the swap space is in use: the host needs more memory (limit {threshold})',
    command: 'pandect top',
  },
  {
    name: 'CpuFull',
    severity: 'critical',
    threshold: 0.9,
    condition: (most) => above(busy, most),
    forSeconds: 10 * MINUTE,
    unit: 'share',
    sentence: 'The processors are busy for {value} of the time (limit {threshold})',
    command: 'pandect top',
  },
  {
    name: 'CpuBusy',
    severity: 'warning',
    threshold: 0.8,
    condition: (most) => above(average(busy, HOUR), most),
    forSeconds: 10 * MINUTE,
    unit: 'share',
    sentence: 'The processors were busy for {value} of an hour (limit {threshold})',
    command: 'pandect top',
  },
  {
    name: 'DatabaseDown',
    severity: 'critical',
    condition: () => absent(series('pandect_database_connections')),
    forSeconds: 2 * MINUTE,
    unit: 'none',
    sentence: 'The database does not answer',
    command: 'pandect logs postgres',
  },
  {
    name: 'Connections',
    severity: 'warning',
    threshold: 0.8,
    condition: (most) =>
      from(
        ratio(max(series('pandect_database_server_connections')), max(series('pandect_database_connections_max'))),
        most,
      ),
    forSeconds: 5 * MINUTE,
    unit: 'share',
    sentence: '{value} of the connections that the database server accepts are taken (limit {threshold})',
    command: 'pandect doctor',
  },
  {
    name: 'DiskForecast',
    severity: 'warning',
    // What is known for less than three hours says nothing of days.
    condition: () =>
      both(
        below(predict(host('disk_free_bytes'), 6 * HOUR, 4 * DAY), 0),
        from(ago(host('disk_free_bytes'), 3 * HOUR), 0),
        'place',
      ),
    forSeconds: 30 * MINUTE,
    unit: 'none',
    sentence: 'The disk of the {place} is full in less than four days, if it fills as in the last six hours',
    command: 'pandect doctor',
  },
  {
    name: 'DiskLow',
    severity: 'warning',
    threshold: 0.1,
    condition: (least) => below(freeDisk, least),
    forSeconds: 30 * MINUTE,
    unit: 'share',
    sentence: '{value} of the disk of the {place} are free (limit {threshold})',
    command: 'pandect doctor',
  },
  {
    name: 'DiskFull',
    severity: 'critical',
    threshold: 0.05,
    condition: (least) => below(freeDisk, least),
    forSeconds: 5 * MINUTE,
    unit: 'share',
    sentence:
      '{value} of the disk of the {place} are free (limit {threshold}): what is kept there stops when it is full',
    command: 'pandect doctor',
  },
  {
    name: 'DiskSilent',
    severity: 'critical',
    condition: () => below(host('disk_answers'), 1),
    forSeconds: 2 * MINUTE,
    unit: 'none',
    sentence: 'The disk of the {place} does not answer: what is kept there can be neither read nor written',
    command: 'pandect doctor',
  },
];
