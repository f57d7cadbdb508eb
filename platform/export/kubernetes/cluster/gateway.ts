import type { ExportInput } from '../input.ts';
import { NAMES, PART_OF } from '../names.ts';
import type { Resource } from '../resource.ts';

/** What clients connect to: HTTPS, and HTTP that leads there. */
export const gatewayResources = ({ domain, gatewayClass }: ExportInput): Resource[] => [
  {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { name: NAMES.gateway, labels: PART_OF },
    spec: {
      gatewayClassName: gatewayClass,
      listeners: [
        { name: 'http', protocol: 'HTTP', port: 80, hostname: domain, allowedRoutes: { namespaces: { from: 'Same' } } },
        {
          name: 'https',
          protocol: 'HTTPS',
          port: 443,
          hostname: domain,
          tls: { mode: 'Terminate', certificateRefs: [{ name: NAMES.certificate }] },
          allowedRoutes: { namespaces: { from: 'Same' } },
        },
      ],
    },
  },
  {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name: 'https-only', labels: PART_OF },
    spec: {
      parentRefs: [{ name: NAMES.gateway, sectionName: 'http' }],
      hostnames: [domain],
      rules: [{ filters: [{ type: 'RequestRedirect', requestRedirect: { scheme: 'https', statusCode: 301 } }] }],
    },
  },
];

/** From cert-manager; without it, the Secret that it would write is created by hand. */
export const certificateResources = ({ domain }: ExportInput): Resource[] => [
  {
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: { name: NAMES.certificate, labels: PART_OF },
    spec: {
      secretName: NAMES.certificate,
      dnsNames: [domain],
      privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Always' },
      issuerRef: { kind: 'ClusterIssuer', name: 'letsencrypt' },
    },
  },
];
