import { labelsOf, NAMES, selectorOf } from '../names.ts';
import type { Resource } from '../resource.ts';
import { CONTAINER_SECURITY, podSecurity } from '../units/pod.ts';

const IMAGE = 'valkey/valkey:8.1.3';
/** MiB of data, and of the container: copies while it works. */
const MEMORY = { data: 512, limit: 768 };
const VALKEY_USER = 999;

/** Caches, counters of rates and locks. Nothing in it has to survive: one process, which starts empty again. */
export function valkeyResources(): Resource[] {
  const labels = labelsOf(NAMES.valkey, 'data');
  const metadata = { name: NAMES.valkey, labels };
  const script = `exec valkey-server --requirepass "$PASSWORD" --maxmemory ${MEMORY.data}mb --maxmemory-policy volatile-lru --save "" --appendonly no`;
  const probe = { tcpSocket: { port: 'redis' } };
  const ping = { exec: { command: ['sh', '-c', 'REDISCLI_AUTH="$PASSWORD" valkey-cli ping | grep -q PONG'] } };
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        replicas: 1,
        revisionHistoryLimit: 5,
        selector: { matchLabels: selectorOf(NAMES.valkey) },
        // Two at once would be two caches, each known to some pods.
        strategy: { type: 'Recreate' },
        template: {
          metadata: { labels },
          spec: {
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            securityContext: podSecurity(VALKEY_USER),
            terminationGracePeriodSeconds: 10,
            containers: [
              {
                name: NAMES.valkey,
                image: IMAGE,
                command: ['sh', '-c', script],
                env: [{ name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'pandect-valkey', key: 'password' } } }],
                ports: [{ name: 'redis', containerPort: 6379 }],
                resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { memory: `${MEMORY.limit}Mi` } },
                securityContext: CONTAINER_SECURITY,
                startupProbe: { ...probe, periodSeconds: 1, failureThreshold: 30 },
                readinessProbe: { ...ping, periodSeconds: 5, timeoutSeconds: 3 },
                livenessProbe: { ...probe, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 },
                volumeMounts: [{ name: 'data', mountPath: '/data' }],
              },
            ],
            volumes: [{ name: 'data', emptyDir: { sizeLimit: '64Mi' } }],
          },
        },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { selector: selectorOf(NAMES.valkey), ports: [{ name: 'redis', port: 6379, targetPort: 'redis' }] },
    },
  ];
}
