import { withoutEmptyDefaults } from './empty-defaults.ts';
import { withNumberFormats } from './number-formats.ts';

/** What the settings say about the whole. */
export interface About {
  version: string;
  title: string;
  /** Path at the edge in place of `/v1`. */
  gatewayPath: string;
}

/** One function's part of the API description. */
export interface Fragment {
  paths?: Record<string, object>;
  components?: Record<string, Record<string, unknown>>;
  tags?: { name: string }[];
}

const credentials =
  'An access token, or an API key where one is taken: questions (scope `ask`), search (`search`), documents (`documents:read` to read them, `documents:write` to change them), conversations (`conversations`), usage and limits (`usage`), models (`gateway`). Elsewhere a key is answered like a token that is not valid, and without the scope like something that is not there.';

/**
 * One OpenAPI 3.1 document out of all functions' own, in which every number has a format and no default is empty.
 * @throws when two functions describe the same path, give two operations the same id, or the same schema name differently
 */
export function composeOpenApi(fragments: Record<string, Fragment>, about: About) {
  const paths: Record<string, object> = {};
  const components: Record<string, Record<string, unknown>> = {
    securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: credentials } },
  };
  const ids = new Set<string>();
  for (const [name, fragment] of Object.entries(fragments).toSorted(([a], [b]) => a.localeCompare(b))) {
    for (const [path, item] of Object.entries(fragment.paths ?? {})) {
      if (paths[path]) throw new Error(`Compose API of "${name}": path "${path}" is described twice`);
      paths[gatewayPathOf(path, about)] = item;
      for (const id of operationIds(item)) {
        if (ids.has(id)) throw new Error(`Compose API of "${name}": operationId "${id}" is used twice`);
        ids.add(id);
      }
    }
    for (const [section, entries] of Object.entries(fragment.components ?? {})) {
      components[section] ??= {};
      const target = components[section];
      for (const [key, value] of Object.entries(entries)) {
        if (target[key] !== undefined && JSON.stringify(target[key]) !== JSON.stringify(value)) {
          throw new Error(`Compose API of "${name}": ${section} "${key}" is described twice and differently`);
        }
        target[key] = value;
      }
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: about.title,
      version: about.version,
      description: 'Questions about legal documents, answered with citations that can be checked.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    ...withNumberFormats(withoutEmptyDefaults({ paths, components })),
  };
}

const operationIds = (item: object): string[] =>
  Object.values(item).flatMap((operation) => (operation as { operationId?: string } | null)?.operationId ?? []);

const gatewayPathOf = (path: string, { gatewayPath }: About): string => path.replace(/^\/v1(?=\/|$)/, gatewayPath);
