import { NAMES } from '../names.ts';
import type { Rule } from './rules.ts';

/*
 * What the table of alerts tells of one host, told by a cluster: by kube-state-metrics, which every Prometheus stack for Kubernetes
 * has, by cert-manager, and by CloudNativePG. Nodes are watched by the rules that come with such a stack.
 */

const alert = (
  name: string,
  severity: 'warning' | 'critical',
  expr: string,
  time: string | undefined,
  summary: string,
  command: string,
): Rule => ({
  alert: name,
  expr,
  ...(time !== undefined && { for: time }),
  labels: { severity },
  annotations: { summary, command },
});

/** Of pods. */
export function unitAlerts(namespace: string): Rule[] {
  const here = `namespace="${namespace}"`;
  return [
    alert(
      'Down',
      'critical',
      `absent(up{${here}, container!=""} == 1)`,
      '1m',
      'The figures of the platform cannot be read',
      `kubectl --namespace ${namespace} get pods`,
    ),
    alert(
      'UnitDown',
      'critical',
      `kube_deployment_status_replicas_available{${here}} == 0 and on (deployment) kube_deployment_spec_replicas{${here}} > 0`,
      '1m',
      '"{{ $labels.deployment }}" has no pod that is ready',
      `kubectl --namespace ${namespace} describe deployment {{ $labels.deployment }}`,
    ),
    alert(
      'CrashLoop',
      'warning',
      `sum by (container) (increase(kube_pod_container_status_restarts_total{${here}}[10m])) > 5`,
      undefined,
      'Containers of "{{ $labels.container }}" ended and were started again {{ $value | humanize }} times in 10 minutes',
      `kubectl --namespace ${namespace} logs --previous deployment/{{ $labels.container }}`,
    ),
    alert(
      'Certificate',
      'warning',
      `min(certmanager_certificate_expiration_timestamp_seconds{${here}}) - time() < 1209600`,
      '1h',
      'The certificate of the domain ends in {{ $value | humanizeDuration }} and was not renewed',
      `kubectl --namespace ${namespace} describe certificate`,
    ),
  ];
}

/** Of the database that the cluster runs. */
export function databaseAlerts(namespace: string): Rule[] {
  const here = `namespace="${namespace}"`;
  return [
    alert(
      'DatabaseDown',
      'critical',
      `absent(cnpg_collector_up{${here}} == 1)`,
      '2m',
      'The database does not answer',
      `kubectl --namespace ${namespace} describe cluster ${NAMES.postgres}`,
    ),
    alert(
      'Connections',
      'warning',
      `max by (pod) (sum by (pod) (cnpg_backends_total{${here}})) / on (pod) max by (pod) (cnpg_pg_settings_setting{${here}, name="max_connections"}) >= 0.8`,
      '5m',
      '{{ $value | humanizePercentage }} of the connections that the database accepts are taken',
      `kubectl --namespace ${namespace} get cluster ${NAMES.postgres}`,
    ),
    alert(
      'Backup',
      'critical',
      `time() - max(cnpg_collector_last_available_backup_timestamp{${here}}) > 93600`,
      undefined,
      'The newest backup is {{ $value | humanizeDuration }} old',
      `kubectl --namespace ${namespace} get backups`,
    ),
    alert(
      'Wal',
      'critical',
      `max(cnpg_pg_stat_archiver_seconds_since_last_archival{${here}}) > 900`,
      '5m',
      'Changes of the database of the last {{ $value | humanizeDuration }} are not at the target of the backups',
      `kubectl --namespace ${namespace} describe cluster ${NAMES.postgres}`,
    ),
  ];
}
