import type { ExportInput } from '../input.ts';
import { NAMES, NAMESPACE_LABELS, PART_OF, PORTS, type Reach, reachLabel, selectorOf } from '../names.ts';
import type { Resource } from '../resource.ts';
import { TRACES } from '../units/environment.ts';
import {
  clusterRules,
  type EgressRule,
  internalRules,
  mayBeAnywhere,
  outboundServers,
  PRIVATE_V4,
  PRIVATE_V6,
  serverOf,
  tcp,
} from './destinations.ts';

type Ports = readonly number[];

const MAIL_PORTS = [25, 465, 587];

const policy = (name: string, spec: object): Resource => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name, labels: PART_OF },
  spec,
});

const publicInternet = [
  { ipBlock: { cidr: '0.0.0.0/0', except: PRIVATE_V4 } },
  { ipBlock: { cidr: '::/0', except: PRIVATE_V6 } },
];
const anywhere = [{ ipBlock: { cidr: '0.0.0.0/0' } }, { ipBlock: { cidr: '::/0' } }];

/** Nothing may be reached and nothing may be called, but what these name. */
export function networkPolicies(input: ExportInput): Resource[] {
  const { units, sites } = input;
  const reachable = [...units.filter((unit) => unit.kind === 'function' && unit.manifest.mount.length > 0), ...sites];
  return [
    policy('default-deny', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] }),
    policy('names', {
      podSelector: {},
      policyTypes: ['Egress'],
      egress: [
        {
          to: [
            {
              namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
              podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
            },
          ],
          ports: [
            { protocol: 'UDP', port: 53 },
            { protocol: 'TCP', port: 53 },
          ],
        },
      ],
    }),
    policy('from-gateway', {
      podSelector: {
        matchExpressions: [
          { key: 'app.kubernetes.io/name', operator: 'In', values: reachable.map(({ name }) => name).toSorted() },
        ],
      },
      policyTypes: ['Ingress'],
      ingress: [{ from: [{ namespaceSelector: { matchLabels: NAMESPACE_LABELS.gateway } }], ports: tcp([PORTS.http]) }],
    }),
    policy('from-monitoring', {
      podSelector: { matchLabels: PART_OF },
      policyTypes: ['Ingress'],
      ingress: [
        { from: [{ namespaceSelector: { matchLabels: NAMESPACE_LABELS.monitoring } }], ports: tcp([PORTS.control]) },
      ],
    }),
    policyTo('internet', internetRules(input)),
    policyTo('mail', mailRules(input)),
    ...(input.settings[TRACES] ? [policyTo('traces', traceRules(input))] : []),
  ];
}

/** Towards servers that the cluster runs, in this namespace. */
export const dataPolicies = (input: ExportInput): Resource[] => [
  egress('database', [{ podSelector: { matchLabels: { 'cnpg.io/cluster': NAMES.postgres } } }], [5432]),
  egress('redis', [{ podSelector: { matchLabels: selectorOf(NAMES.valkey) } }], [6379]),
  egress('vectors', [{ podSelector: { matchLabels: selectorOf(NAMES.qdrant) } }], [6333]),
  policy('to-database', {
    podSelector: { matchLabels: { 'cnpg.io/cluster': NAMES.postgres } },
    policyTypes: ['Ingress', 'Egress'],
    ingress: [
      { from: [{ podSelector: { matchLabels: reachLabel('database') } }], ports: tcp([5432]) },
      // Its replicas, and its operator, which asks each instance how it is.
      { from: [{ podSelector: { matchLabels: { 'cnpg.io/cluster': NAMES.postgres } } }], ports: tcp([5432, 8000]) },
      {
        from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'cnpg-system' } } }],
        ports: tcp([5432, 8000]),
      },
      { from: [{ namespaceSelector: { matchLabels: NAMESPACE_LABELS.monitoring } }], ports: tcp([9187]) },
      // Counts jobs, see overlays/keda.
      { from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'keda' } } }], ports: tcp([5432]) },
    ],
    egress: [
      { to: [{ podSelector: { matchLabels: { 'cnpg.io/cluster': NAMES.postgres } } }], ports: tcp([5432, 8000]) },
      // The API of the cluster, which has any address, and the store of backups.
      ...backupRules(input),
    ],
  }),
  policy('to-valkey', {
    podSelector: { matchLabels: selectorOf(NAMES.valkey) },
    policyTypes: ['Ingress'],
    ingress: [{ from: [{ podSelector: { matchLabels: reachLabel('redis') } }], ports: tcp([6379]) }],
  }),
  policy('to-qdrant', {
    podSelector: { matchLabels: selectorOf(NAMES.qdrant) },
    policyTypes: ['Ingress', 'Egress'],
    ingress: [
      { from: [{ podSelector: { matchLabels: reachLabel('vectors') } }], ports: tcp([6333]) },
      { from: [{ podSelector: { matchLabels: selectorOf(NAMES.qdrant) } }], ports: tcp([6333, 6335]) },
    ],
    egress: [{ to: [{ podSelector: { matchLabels: selectorOf(NAMES.qdrant) } }], ports: tcp([6333, 6335]) }],
  }),
];

function backupRules({ settings }: ExportInput): EgressRule[] {
  const store = serverOf(settings.S3_ENDPOINT);
  const ports = [...new Set([443, 6443, ...(store ? [store.port] : [])])];
  return [{ to: anywhere, ports: tcp(ports) }, ...(store ? clusterRules(store.host) : [])];
}

/** Towards servers of a provider, whose addresses are not known here. */
export const managedPolicies = ({ settings }: ExportInput): Resource[] => [
  egress('database', anywhere, [portOf(settings.DATABASE_URL, 5432)]),
  egress('redis', anywhere, [portOf(settings.REDIS_URL, 6379)]),
  egress('vectors', anywhere, [portOf(settings.QDRANT_URL, 6333)]),
];

const egress = (reach: Reach, to: object[], ports: Ports): Resource => policyTo(reach, [{ to, ports: tcp(ports) }]);

const policyTo = (reach: Reach, rules: EgressRule[]): Resource =>
  policy(`reaches-${reach}`, {
    podSelector: { matchLabels: reachLabel(reach) },
    policyTypes: ['Egress'],
    egress: rules,
  });

/** Servers of models, files and payments: on the internet, and those inside that the settings name. */
function internetRules(input: ExportInput): EgressRule[] {
  const { ports, internal } = outboundServers(input);
  return [
    { to: publicInternet, ports: tcp(ports) },
    ...[...internal].flatMap(([host, of]) => internalRules(host, of, input.internalNetworks)),
  ];
}

function mailRules({ settings }: ExportInput): EgressRule[] {
  const ports = settings.SMTP_PORT ? [Number(settings.SMTP_PORT)] : MAIL_PORTS;
  return [{ to: anywhere, ports: tcp(ports) }, ...(settings.SMTP_HOST ? clusterRules(settings.SMTP_HOST) : [])];
}

/** Of every pod: each sends its own. */
function traceRules({ settings, internalNetworks }: ExportInput): EgressRule[] {
  const collector = serverOf(settings[TRACES]);
  if (!collector) return [];
  const { host, port } = collector;
  const outside = mayBeAnywhere(host) ? [{ to: publicInternet, ports: tcp([port]) }] : [];
  return [...internalRules(host, [port], internalNetworks), ...outside];
}

function portOf(url: string | undefined, usual: number): number {
  if (!url || !URL.canParse(url)) return usual;
  const { port, protocol } = new URL(url);
  if (port !== '') return Number(port);
  return { 'http:': 80, 'https:': 443 }[protocol] ?? usual;
}
