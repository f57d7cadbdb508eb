import { type Language, Problem, type ProblemName, toProblemDocument } from '../kernel/problem.ts';

/** What the edge needs to know of a function. */
export interface Mount {
  name: string;
  paths: string[];
  /** Socket paths; the edge spreads requests over them. */
  sockets: string[];
  /** Seconds a request may take. */
  timeout: number;
}

/**
 * The routes of all functions as a Caddyfile fragment, which the repository's `Caddyfile` imports. It changes only
 * with the manifests, never with a deploy: any change of Caddy's configuration cuts WebSockets and held requests.
 */
export function renderRoutes(mounts: readonly Mount[]): string {
  const routes = mounts
    .flatMap((mount) => mount.paths.map((path) => ({ mount, path })))
    // A longer prefix is the more particular one and must come first.
    .toSorted((a, b) => b.path.length - a.path.length || a.path.localeCompare(b.path));
  return [...routes.map(({ mount, path }) => route(mount, path)), fallback(), failures()].join('\n');
}

const route = ({ name, sockets, timeout }: Mount, path: string) => {
  const matcher = `@${name}${path.replaceAll(/[^a-z0-9]/g, '-')}`;
  return `${matcher} path ${path} ${path}/*
handle ${matcher} {
	reverse_proxy ${sockets.map((socket) => `unix/${socket}`).join(' ')} {
		lb_policy least_conn
		# A crashed function is back within moments; only requests that reached nobody are tried again
		lb_try_duration 3s
		lb_try_interval 50ms
		transport http {
			dial_timeout 1s
			# Shorter than the functions keep idle connections, see platform/runtime/listener.ts
			keepalive 5s
			response_header_timeout ${timeout + 5}s
		}
	}
}
`;
};

const fallback = () => `handle {
	import not_found
}
`;

/** What clients see when no instance answers, or the edge's own files have nothing for them. */
const failures = () => `handle_errors {
	import security_headers
	@refused expression {http.error.status_code} < 500
	handle @refused {
		import not_found
	}
	handle {
${answers('unavailable', { seconds: 2 }, 'Retry-After 2')}
	}
}
`;

/** Definitions that must stand before the site. */
export const renderSnippets = (): string => `(not_found) {
${answers('not-found')}
}
`;

function answers(name: ProblemName, parameters = {}, header?: string): string {
  const problem = new Problem(name, { parameters });
  const body = (language: Language) => JSON.stringify(toProblemDocument(problem, language));
  return [
    '	header Content-Type application/problem+json',
    ...(header ? [`	header ${header}`] : []),
    `	@${name}-ru header Accept-Language ru*`,
    `	respond @${name}-ru \`${body('ru')}\` ${problem.status}`,
    `	respond \`${body('en')}\` ${problem.status}`,
  ].join('\n');
}
