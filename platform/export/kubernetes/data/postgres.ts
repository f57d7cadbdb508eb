import type { ExportInput } from '../input.ts';
import { NAMES, PART_OF } from '../names.ts';
import type { Resource } from '../resource.ts';
import { connectionsOf } from './connections.ts';

/** Held to the version of docker-compose.prod.yml by a test. */
export const POSTGRES_IMAGE = 'ghcr.io/cloudnative-pg/postgresql:17.11';
const INSTANCES = 3;
const ROUNDING = 50;
/** Of the operator of the cluster: replication, its own checks, backups. */
const OPERATOR_CONNECTIONS = 20;

/** PostgreSQL with two replicas, backups and its log in a bucket. */
export function postgresResources(input: ExportInput): Resource[] {
  const connections = connectionsOf(input.units) + OPERATOR_CONNECTIONS;
  return [
    {
      apiVersion: 'postgresql.cnpg.io/v1',
      kind: 'Cluster',
      metadata: { name: NAMES.postgres, labels: PART_OF, annotations: { 'argocd.argoproj.io/sync-wave': '-2' } },
      spec: {
        instances: INSTANCES,
        imageName: POSTGRES_IMAGE,
        enableSuperuserAccess: false,
        primaryUpdateStrategy: 'unsupervised',
        bootstrap: {
          initdb: {
            database: 'pandect',
            owner: 'pandect',
            secret: { name: 'pandect-db-owner' },
            encoding: 'UTF8',
            localeCollate: 'C.UTF-8',
            localeCType: 'C.UTF-8',
            dataChecksums: true,
          },
        },
        // It makes the logins of the units.
        managed: {
          roles: [
            {
              name: 'pandect',
              ensure: 'present',
              login: true,
              createrole: true,
              passwordSecret: { name: 'pandect-db-owner' },
            },
          ],
        },
        postgresql: {
          parameters: {
            max_connections: String(Math.ceil(connections / ROUNDING) * ROUNDING),
            shared_buffers: '1GB',
            jit: 'off',
            autovacuum_naptime: '15s',
            'pg_stat_statements.track': 'all',
          },
        },
        storage: { size: '100Gi' },
        walStorage: { size: '20Gi' },
        resources: { requests: { cpu: '500m', memory: '4Gi' }, limits: { memory: '4Gi' } },
        affinity: { enablePodAntiAffinity: true, topologyKey: 'topology.kubernetes.io/zone' },
        monitoring: { enablePodMonitor: false },
        backup: {
          retentionPolicy: '30d',
          barmanObjectStore: {
            destinationPath: 's3://CHANGE-ME/pandect',
            endpointURL: input.settings.S3_ENDPOINT || 'https://CHANGE-ME',
            s3Credentials: {
              accessKeyId: { name: 'pandect-backups', key: 'ACCESS_KEY_ID' },
              secretAccessKey: { name: 'pandect-backups', key: 'SECRET_ACCESS_KEY' },
            },
            wal: { compression: 'gzip', encryption: 'AES256' },
            data: { compression: 'gzip', encryption: 'AES256' },
          },
        },
      },
    },
    {
      apiVersion: 'postgresql.cnpg.io/v1',
      kind: 'ScheduledBackup',
      metadata: { name: NAMES.postgres, labels: PART_OF },
      // With seconds.
      spec: { schedule: '0 0 3 * * *', backupOwnerReference: 'self', cluster: { name: NAMES.postgres } },
    },
  ];
}
