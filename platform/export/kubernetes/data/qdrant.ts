import { labelsOf, NAMES, selectorOf } from '../names.ts';
import type { Resource } from '../resource.ts';
import { CONTAINER_SECURITY, podSecurity, spreadOf } from '../units/pod.ts';

/** Held to the one of docker-compose.prod.yml by a test. */
export const QDRANT_IMAGE = 'qdrant/qdrant:v1.19.0-unprivileged';
const REPLICAS = 3;
/** Copies of each part of the index, so that one server may be missing. */
const COPIES = 2;
const QDRANT_USER = 1_000;
const PEERS = `${NAMES.qdrant}-peers`;

const START = `case "$POD" in
  *-0) exec ./qdrant --uri "http://$POD.${PEERS}:6335" ;;
  *) exec ./qdrant --bootstrap "http://${NAMES.qdrant}-0.${PEERS}:6335" --uri "http://$POD.${PEERS}:6335" ;;
esac`;

const settings = [
  { name: 'QDRANT__CLUSTER__ENABLED', value: 'true' },
  { name: 'QDRANT__STORAGE__COLLECTION__REPLICATION_FACTOR', value: String(COPIES) },
  { name: 'QDRANT__STORAGE__SNAPSHOTS_PATH', value: '/qdrant/storage/snapshots' },
  { name: 'QDRANT__TELEMETRY_DISABLED', value: 'true' },
  // Written at each start; its usual place cannot be.
  { name: 'QDRANT_INIT_FILE_PATH', value: '/tmp/.qdrant-initialized' },
];

/** The search index on three servers. It can be built again from the database. */
export function qdrantResources(): Resource[] {
  const labels = labelsOf(NAMES.qdrant, 'data');
  const metadata = { name: NAMES.qdrant, labels };
  const selector = selectorOf(NAMES.qdrant);
  const ready = { httpGet: { path: '/readyz', port: 'http' } };
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata,
      spec: {
        replicas: REPLICAS,
        serviceName: PEERS,
        podManagementPolicy: 'OrderedReady',
        selector: { matchLabels: selector },
        template: {
          metadata: { labels },
          spec: {
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            securityContext: podSecurity(QDRANT_USER),
            terminationGracePeriodSeconds: 60,
            topologySpreadConstraints: spreadOf(NAMES.qdrant),
            containers: [
              {
                name: NAMES.qdrant,
                image: QDRANT_IMAGE,
                command: ['sh', '-c', START],
                env: [
                  { name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
                  {
                    name: 'QDRANT__SERVICE__API_KEY',
                    valueFrom: { secretKeyRef: { name: NAMES.secrets, key: 'QDRANT_API_KEY' } },
                  },
                  ...settings,
                ],
                ports: [
                  { name: 'http', containerPort: 6333 },
                  { name: 'peers', containerPort: 6335 },
                ],
                resources: { requests: { cpu: '250m', memory: '2Gi' }, limits: { memory: '4Gi' } },
                securityContext: CONTAINER_SECURITY,
                startupProbe: { ...ready, periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 60 },
                readinessProbe: { ...ready, periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 3 },
                livenessProbe: {
                  httpGet: { path: '/livez', port: 'http' },
                  periodSeconds: 10,
                  timeoutSeconds: 5,
                  failureThreshold: 6,
                },
                volumeMounts: [
                  { name: 'storage', mountPath: '/qdrant/storage' },
                  { name: 'tmp', mountPath: '/tmp' },
                ],
              },
            ],
            volumes: [{ name: 'tmp', emptyDir: { sizeLimit: '64Mi' } }],
          },
        },
        volumeClaimTemplates: [
          {
            metadata: { name: 'storage' },
            spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '50Gi' } } },
          },
        ],
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { selector, ports: [{ name: 'http', port: 6333, targetPort: 'http' }] },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: PEERS, labels },
      spec: {
        clusterIP: 'None',
        publishNotReadyAddresses: true,
        selector,
        ports: [{ name: 'peers', port: 6335, targetPort: 'peers' }],
      },
    },
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata,
      spec: { maxUnavailable: 1, selector: { matchLabels: selector } },
    },
  ];
}
