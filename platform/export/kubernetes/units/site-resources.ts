import { docsAssets, docsPage } from '../../../edge/docs-page.ts';
import { type EdgeSite, renderOtherEntries } from '../../../edge/site-routes.ts';
import type { ExportInput } from '../input.ts';
import { IMAGE_USER, labelsOf, NAMES, PORTS, selectorOf } from '../names.ts';
import type { Resource } from '../resource.ts';
import { CONTAINER_SECURITY, podSecurity, spreadOf } from './pod.ts';
import { docsPolicy, type Header, responseHeaders, snippetHeaders } from './response-headers.ts';

/** Held to the one of docker-compose.prod.yml by a test. */
export const CADDY_IMAGE = 'caddy:2.11.7';
const REPLICAS = 2;
/** In the image, see `SHIPPED`. */
const BUILT = '/app/built';

/** What serves pages, their assets, the API description and its page, which have no process on one host. */
export function siteResources(site: string, input: ExportInput): Resource[] {
  const labels = labelsOf(site, 'site');
  const metadata = { name: site, labels };
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        replicas: REPLICAS,
        revisionHistoryLimit: 5,
        selector: { matchLabels: selectorOf(site) },
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
        template: { metadata: { labels }, spec: podSpec(site, input) },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: {
        selector: selectorOf(site),
        ports: [{ name: 'http', port: 80, targetPort: 'http', appProtocol: 'http' }],
      },
    },
    {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata,
      spec: {
        parentRefs: [{ name: NAMES.gateway, sectionName: 'https' }],
        hostnames: [input.domain],
        rules: [
          {
            matches: [{ path: { type: 'PathPrefix', value: '/' } }],
            timeouts: { request: '60s' },
            backendRefs: [{ name: site, port: 80 }],
          },
        ],
      },
    },
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata,
      spec: {
        maxUnavailable: 1,
        selector: { matchLabels: selectorOf(site) },
        unhealthyPodEvictionPolicy: 'AlwaysAllow',
      },
    },
  ];
}

const probe = { httpGet: { path: '/_pandect/alive', port: 'control' } };

const podSpec = (site: string, { image }: ExportInput) => ({
  automountServiceAccountToken: false,
  enableServiceLinks: false,
  securityContext: podSecurity(IMAGE_USER),
  terminationGracePeriodSeconds: 30,
  topologySpreadConstraints: spreadOf(site),
  initContainers: [
    {
      name: 'pages',
      image,
      // The image holds one release of each site.
      command: [
        'sh',
        '-ec',
        [
          `cp -r ${BUILT}/${site}/*/public/. /site/`,
          'mkdir /site/.api /site/.docs',
          'gzip -dc /api/openapi.json.gz > /site/.api/openapi.json',
          `cp ${docsAssets.map((name) => `/app/node_modules/swagger-ui-dist/${name}`).join(' ')} /site/.docs/`,
          `cp ${Object.keys(docsPage)
            .map((name) => `/configuration/${name}`)
            .join(' ')} /site/.docs/`,
        ].join('\n'),
      ],
      resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { memory: '64Mi' } },
      securityContext: CONTAINER_SECURITY,
      volumeMounts: [
        { name: 'site', mountPath: '/site' },
        { name: 'api', mountPath: '/api', readOnly: true },
        { name: 'configuration', mountPath: '/configuration', readOnly: true },
      ],
    },
  ],
  containers: [
    {
      name: 'caddy',
      image: CADDY_IMAGE,
      args: ['caddy', 'run', '--config', '/etc/pandect/Caddyfile', '--adapter', 'caddyfile'],
      ports: [
        { name: 'http', containerPort: PORTS.http },
        { name: 'control', containerPort: PORTS.control },
      ],
      env: [
        { name: 'HOME', value: '/tmp' },
        { name: 'XDG_CONFIG_HOME', value: '/tmp' },
        { name: 'XDG_DATA_HOME', value: '/tmp' },
      ],
      resources: { requests: { cpu: '20m', memory: '48Mi' }, limits: { memory: '128Mi' } },
      // The program carries a capability, without which it cannot be executed.
      securityContext: { ...CONTAINER_SECURITY, capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] } },
      startupProbe: { ...probe, periodSeconds: 2, timeoutSeconds: 3, failureThreshold: 30 },
      readinessProbe: {
        httpGet: { path: '/index.html', port: 'http' },
        periodSeconds: 5,
        timeoutSeconds: 3,
        failureThreshold: 2,
      },
      livenessProbe: { ...probe, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 },
      lifecycle: { preStop: { exec: { command: ['sleep', '5'] } } },
      volumeMounts: [
        { name: 'configuration', mountPath: '/etc/pandect', readOnly: true },
        { name: 'site', mountPath: '/site', readOnly: true },
        { name: 'tmp', mountPath: '/tmp' },
      ],
    },
  ],
  volumes: [
    { name: 'configuration', configMap: { name: NAMES.site } },
    { name: 'api', configMap: { name: NAMES.api } },
    { name: 'site', emptyDir: { sizeLimit: '256Mi' } },
    { name: 'tmp', emptyDir: { sizeLimit: '64Mi' } },
  ],
});

/**
 * Configuration of that pod: the headers of the checkout's Caddyfile, hashed files that browsers keep, and pages for every other path.
 * @param reserved first parts of paths that are no pages
 */
export function siteCaddyfile(caddyfile: string, site: Pick<EdgeSite, 'entries'>, reserved: readonly string[]): string {
  const headers = (list: readonly Header[], ifUnset: readonly string[] = []) =>
    list.map(({ name, value }) => `\t\t${ifUnset.includes(name) ? '?' : ''}${name} "${value}"`).join('\n');
  return `# Pages, assets and the API description. Written by \`pandect export kubernetes\`.
{
	admin off
	auto_https off
}

:${PORTS.control} {
	respond /_pandect/alive 200
	respond 404
}

:${PORTS.http} {
	header {
${headers(responseHeaders(caddyfile), ['Content-Security-Policy'])}
		-Server
	}

	handle /api/openapi.json {
		root * /site/.api
		rewrite * /openapi.json
		encode zstd gzip
		file_server
	}

	redir /api/docs /api/docs/
	handle_path /api/docs/* {
		header Content-Security-Policy "${docsPolicy(caddyfile)}"
		root * /site/.docs
		encode zstd gzip
		file_server
	}

	handle /assets/* {
		root * /site
		header {
${headers(snippetHeaders(caddyfile, 'page'))}
		}
		@kept {
			file
			not path */
		}
		header @kept Cache-Control "public, max-age=31536000, immutable"
		file_server {
			precompressed br zstd gzip
		}
	}

	@hidden path /.*
	handle @hidden {
		respond 404
	}

	@reserved path ${reserved.flatMap((path) => [path, `${path}/*`]).join(' ')}
	handle @reserved {
		respond 404
	}

	@page method GET HEAD
	handle @page {
		${renderOtherEntries(site)}root * /site
		header {
			Cache-Control no-cache
${headers(snippetHeaders(caddyfile, 'page')).replaceAll(/^/gm, '\t')}
		}
		try_files {path} /index.html
		file_server {
			precompressed br zstd gzip
		}
	}

	handle {
		respond 405
	}
}
`;
}
