import type { ExportInput } from '../input.ts';
import { labelsOf, NAMES, reachLabel } from '../names.ts';
import type { Resource } from '../resource.ts';
import { CONTAINER_SECURITY, podSecurity } from '../units/pod.ts';

const LOGINS = '/run/pandect/logins';
const DIGEST_CHARACTERS = 10;
const DAY_SECONDS = 86_400;

/** One for each image, since a Job cannot be changed. */
export const migrationName = ({ image }: Pick<ExportInput, 'image'>): string =>
  `migrate-${image.split('@sha256:')[1]?.slice(0, DIGEST_CHARACTERS)}`;

/** Brings the database to the version of the image before its pods start: tables, functions, queues, plans and logins. */
export function migrationResources(input: ExportInput): Resource[] {
  const labels = { ...labelsOf('migrate', 'migration'), ...reachLabel('database') };
  return [
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        name: migrationName(input),
        labels,
        annotations: {
          'argocd.argoproj.io/hook': 'Sync',
          'argocd.argoproj.io/hook-delete-policy': 'BeforeHookCreation',
          'argocd.argoproj.io/sync-wave': '-1',
        },
      },
      spec: {
        // It waits for locks by itself, and what failed half-way is as it was.
        backoffLimit: 6,
        activeDeadlineSeconds: 3_600,
        ttlSecondsAfterFinished: DAY_SECONDS,
        template: {
          metadata: { labels },
          spec: {
            restartPolicy: 'Never',
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            securityContext: podSecurity(),
            containers: [
              {
                name: 'migrate',
                image: input.image,
                args: ['migrate', '--logins', LOGINS],
                env: [
                  {
                    name: 'DATABASE_URL',
                    valueFrom: { secretKeyRef: { name: NAMES.database, key: 'owner' } },
                  },
                ],
                resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '512Mi' } },
                securityContext: CONTAINER_SECURITY,
                volumeMounts: [
                  { name: 'logins', mountPath: LOGINS, readOnly: true },
                  { name: 'tmp', mountPath: '/tmp' },
                ],
              },
            ],
            volumes: [
              { name: 'logins', secret: { secretName: NAMES.database, defaultMode: 0o440 } },
              { name: 'tmp', emptyDir: { sizeLimit: '64Mi' } },
            ],
          },
        },
      },
    },
  ];
}
