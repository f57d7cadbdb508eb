import { basename, dirname } from 'node:path';
import { type Language, Problem, type ProblemDefinition, toProblemDocument } from '../kernel/problem.ts';
import { malformedRequest, notFound, payloadTooLarge, unavailable } from '../kernel/problems.ts';
import { BROKEN_FUNCTION, EDGE_BODY, MALFORMED_BODY, NO_LINK, PREVIEWS } from './own-answers.ts';
import { type EdgeSite, renderSite, renderSitePreviews } from './site-routes.ts';

/** What the edge needs to know of a function. */
export interface Mount {
  name: string;
  paths: string[];
  /** Paths that clients use in place of some of these. */
  edgePaths?: Readonly<Record<string, string>>;
  /** Socket paths; the edge spreads requests over them. */
  sockets: string[];
  /** While the marker file exists, each caller always goes to the same one of the buckets instead. */
  canary?: { marker: string; buckets: string[] };
  /** Seconds a request may take. */
  timeout: number;
}

/** What the edge leads to. */
export interface Routes {
  mounts: readonly Mount[];
  /** There is at most one, at `/`. */
  sites?: readonly EdgeSite[];
}

/**
 * The routes of all functions and the site as a Caddyfile fragment, which the repository's `Caddyfile` imports. It changes only
 * with the manifests, never with a deploy or a canary: any change of Caddy's configuration cuts WebSockets and held
 * requests.
 */
export function renderRoutes({ mounts, sites = [] }: Routes): string {
  const routes = mounts
    .flatMap((mount) => mount.paths.map((own) => ({ mount, own, path: mount.edgePaths?.[own] ?? own })))
    // A longer prefix is the more particular one and must come first.
    .toSorted((a, b) => b.path.length - a.path.length || a.path.localeCompare(b.path));
  for (const { mount, own, path } of routes) {
    const other = routes.find((one) => one.mount !== mount && one.path === path);
    if (own !== path && (other || isTaken(path))) {
      throw new Error(
        `Render routes: "${path}" in place of "${own}": ${other ? `"${other.mount.name}" has it` : 'the edge has it'}`,
      );
    }
  }
  const reserved = reservedPaths(routes.map(({ path }) => path));
  return [
    ...routes.map(route),
    ...sites.map(renderSitePreviews),
    'import previews\n',
    ...sites.map((site) => renderSite(site, reserved)),
    fallback(sites),
    failures(),
  ].join('\n');
}

/** What begins like a path of a function, or of the edge, is no page: unknown ones below it are problem documents. */
export const reservedPaths = (paths: readonly string[]): string[] => {
  const first = paths.map((path) => `/${path.split('/')[1]}`);
  return [...new Set(['/api', '/.well-known', '/metrics', '/_preview', ...first])]
    .filter((path) => path !== '/')
    .toSorted();
};

/** What the edge answers itself. */
const isTaken = (path: string): boolean => ['/docs', '/metrics', '/api', '/api/openapi.json'].includes(path);

interface Route {
  mount: Mount;
  /** As the function knows it. */
  own: string;
  /** As clients do. */
  path: string;
}

const route = ({ mount, own, path }: Route) => {
  const matcher = `@${mount.name}${path.replaceAll(/[^a-z0-9]/g, '-')}`;
  const slots = proxy(mount, mount.sockets, 'least_conn');
  const lead = mount.canary ? `${canaryRoute(mount, mount.canary)}\thandle {\n${slots}\t}\n` : slots;
  // In the order in which it stands here, which is not the one that Caddy gives to directives.
  return `${matcher} path ${path} ${path}/*
handle ${matcher} {
\troute {
\timport api
${own === path ? '' : `\turi replace ${path} ${own} 1\n`}${lead}\t}
}
`;
};

/** Requests of a function that has a canary. The marker is looked for at each request, which costs one `stat`. */
const canaryRoute = (mount: Mount, { marker, buckets }: NonNullable<Mount['canary']>) => `	@canary file {
		root ${dirname(marker)}
		try_files ${basename(marker)}
	}
	handle @canary {
		import caller
${proxy(mount, buckets, 'header X-Pandect-Caller')}	}
`;

const proxy = ({ timeout }: Mount, sockets: readonly string[], policy: string) => `		reverse_proxy {
			to ${sockets.map((socket) => `unix/${socket}`).join(' ')}
			lb_policy ${policy}
			import trusted_proxies
			# A crashed function is back within moments; only requests that reached no one are tried again
			lb_try_duration 3s
			lb_try_interval 50ms
			transport http {
				dial_timeout 1s
				# Shorter than the functions keep idle connections, see platform/runtime/listener.ts, and short enough for a
				# process that is replaced to be rid of its last ones soon. Never "off": a function that answers without
				# reading the body, and closes because the edge asked it to, breaks the edge's writing of that body
				keepalive 1s
				keepalive_idle_conns_per_host 64
				response_header_timeout ${timeout + 5}s
			}
		}
`;

/** Without a site, the address itself leads to the API. */
const fallback = (sites: readonly EdgeSite[]) => `${sites.length > 0 ? '' : 'redir / /api/docs/\n'}handle {
	error 404
}
`;

/** What clients see when no instance answers, or the edge refuses a request; see `edgeProblem`. */
const failures = () => `handle_errors {
	import security_headers
	@malformed expression \`{http.error.status_code} == 502 && {http.error.message}.matches("${MALFORMED_BODY}") && !{http.error.message}.contains("${BROKEN_FUNCTION}")\`
	handle @malformed {
${answers(malformedRequest)}
	}
	@too-large expression {http.error.status_code} == 413
	handle @too-large {
${answers(payloadTooLarge, { limit: EDGE_BODY })}
	}
	@refused expression \`{http.error.status_code} < 500 || ({http.request.orig_uri.path}.startsWith("${PREVIEWS}") && {http.error.message}.contains("${NO_LINK}"))\`
	handle @refused {
${answers(notFound)}
	}
	handle {
${answers(unavailable, { seconds: 2 }, 'Retry-After 2')}
	}
}
`;

/**
 * Definitions that must stand before the site.
 * @param trustedProxies networks whose `X-Forwarded-For` is passed on; that of others is replaced by what Caddy sees
 */
export const renderSnippets = (trustedProxies: readonly string[]): string => `(trusted_proxies) {
${trustedProxies.length > 0 ? `	trusted_proxies ${trustedProxies.join(' ')}\n` : ''}}`;

function answers(definition: ProblemDefinition, parameters = {}, header?: string): string {
  const problem = new Problem(definition, { parameters });
  const body = (language: Language) => JSON.stringify(toProblemDocument(problem, language));
  return [
    '	header Content-Type application/problem+json',
    ...(header ? [`	header ${header}`] : []),
    `	@${problem.type}-ru header Accept-Language ru*`,
    `	respond @${problem.type}-ru \`${body('ru')}\` ${problem.status}`,
    `	respond \`${body('en')}\` ${problem.status}`,
  ].join('\n');
}
