import { migrationName } from './cluster/migration.ts';
import { exportNotes } from './export-notes.ts';
import type { ExportInput } from './input.ts';
import { NAMES } from './names.ts';

/** What to do with the folder, in order. */
export const readme = (input: ExportInput): string => `# Pandect on Kubernetes

Written by \`pandect export kubernetes\`. Do not edit these files: put changes into an overlay of your own, which names one of \`overlays/\` as its
resource, and export again for another image. \`docs/production/kubernetes.md\` of the checkout explains every part.

| folder | content |
| --- | --- |
| \`base/\` | pods, routes, network policies, settings |
| \`data/\` | PostgreSQL (CloudNativePG), Valkey, Qdrant |
| \`certificate/\` | the certificate of the domain, from cert-manager |
| \`migrate/\` | the Job that brings the database to the version of the image |
| \`monitoring/\`, \`monitoring-data/\` | monitors, alerts and dashboards for the Prometheus Operator and Grafana |
| \`overlays/standard/\` | all of it |
| \`overlays/managed/\` | without \`data/\`: servers of your provider |
| \`overlays/external-secrets/\` | \`standard\` with secrets from a store |
| \`overlays/keda/\`, \`overlays/keda-http/\` | workers by waiting jobs; functions that sleep |
| \`overlays/knative/\` | functions that sleep, as Services of Knative |
| \`overlays/rollouts/\` | releases that begin with a share of the requests, by Argo Rollouts |
| \`secrets/stubs.yaml\` | every Secret with the names of its keys, to be filled in |

\`\`\`sh
kubectl apply --server-side -f base/namespace.yaml
kubectl create -f secrets.yaml    # secrets/stubs.yaml filled in, kept outside of this folder
kubectl apply --server-side -k certificate
kubectl apply --server-side -k data
kubectl --namespace ${input.namespace} wait --for=condition=Ready --timeout=15m cluster/${NAMES.postgres}
kubectl apply --server-side -k migrate
kubectl --namespace ${input.namespace} wait --for=condition=Complete --timeout=30m job/${migrationName(input)}
kubectl apply --server-side -k overlays/standard
\`\`\`
${left(exportNotes(input))}`;

const left = (notes: readonly string[]): string =>
  notes.length === 0 ? '' : `\n## Not carried over\n\n${notes.map((note) => `- ${note}\n`).join('')}`;
