import {
  above,
  absent,
  always,
  below,
  both,
  type Condition,
  either,
  max,
  min,
  type Selector,
  series,
  since,
  until,
} from '../expressions/expression.ts';
import { DAY, HOUR, MINUTE } from './durations.ts';
import type { AlertRule } from './rule.ts';

const backup = series('pandect_backup_last_success_timestamp_seconds');
const drill = series('pandect_restore_drill_success_timestamp_seconds');
/** Of a part of the backups that never was a success, a day after it was set up. */
const neverDone = (part: string, success: Selector): Condition =>
  both(above(since(max(series('pandect_backup_configured_timestamp_seconds', { part }))), DAY), absent(success));
const wal = series('pandect_wal_archived_timestamp_seconds');
const files = series('pandect_files_archived_timestamp_seconds');
const certificate = until(min(series('pandect_certificate_not_after_timestamp_seconds')));

/** Whether data could be brought back, and the certificate is good. */
export const safetyRules: readonly AlertRule[] = [
  {
    name: 'Backup',
    severity: 'critical',
    threshold: 26 * HOUR,
    condition: (most) => above(since(max(backup)), most),
    forSeconds: 0,
    unit: 'seconds',
    sentence: 'The newest backup is {value} old (limit {threshold})',
    command: 'pandect backup create',
  },
  {
    name: 'BackupMissing',
    severity: 'critical',
    condition: () => absent(backup),
    forSeconds: HOUR,
    unit: 'none',
    sentence: 'There is no backup',
    command: 'pandect backup create',
  },
  {
    name: 'Wal',
    severity: 'critical',
    threshold: 900,
    condition: (most) => either(above(since(max(wal)), most), neverDone('log', wal)),
    forSeconds: 5 * MINUTE,
    unit: 'seconds',
    sentence: 'Changes of the database of the last {value} are not at the target of the backups (limit {threshold})',
    command: 'pandect doctor',
  },
  {
    name: 'FilesArchive',
    severity: 'warning',
    threshold: HOUR,
    condition: (most) => either(above(since(max(files)), most), neverDone('files', files)),
    forSeconds: 5 * MINUTE,
    unit: 'seconds',
    sentence: 'Files of the last {value} are not at the target of the backups (limit {threshold})',
    command: 'pandect doctor',
  },
  {
    name: 'Drill',
    severity: 'warning',
    threshold: 8 * DAY,
    condition: (most) => either(above(since(max(drill)), most), neverDone('drill', drill)),
    forSeconds: 0,
    unit: 'seconds',
    sentence: 'No backup was proven by a restore for {value} (limit {threshold})',
    command: 'pandect restore --drill',
  },
  {
    name: 'FilesMissing',
    severity: 'critical',
    threshold: 0,
    condition: (most) => above(max(series('pandect_files_missing')), most),
    forSeconds: 10 * MINUTE,
    unit: 'count',
    sentence: '{value} documents have lost their file',
    command: 'pandect files missing',
  },
  {
    name: 'Certificate',
    severity: 'warning',
    threshold: 14 * DAY,
    condition: (least) => below(certificate, least),
    forSeconds: HOUR,
    unit: 'seconds',
    sentence: 'The certificate of the domain ends in {value} and was not renewed (limit {threshold})',
    command: 'pandect logs caddy',
  },
  {
    name: 'CertificateEnds',
    severity: 'critical',
    threshold: 3 * DAY,
    condition: (least) => below(certificate, least),
    forSeconds: HOUR,
    unit: 'seconds',
    sentence: 'The certificate of the domain ends in {value} and was not renewed (limit {threshold})',
    command: 'pandect logs caddy',
  },
  {
    name: 'CertificateMissing',
    severity: 'critical',
    threshold: 0,
    condition: (most) => above(series('pandect_certificate_missing'), most),
    forSeconds: HOUR,
    unit: 'none',
    sentence: 'The edge has no certificate for its domain: browsers refuse the platform',
    command: 'pandect logs caddy',
  },
  {
    name: 'Watchdog',
    severity: 'info',
    condition: () => always,
    forSeconds: 0,
    unit: 'none',
    sentence: 'Alerts work: their silence would mean that they do not',
    command: 'pandect alerts list',
    isForPrometheus: true,
  },
];
