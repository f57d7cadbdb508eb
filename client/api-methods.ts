import createFetchClient, {
  type Client as FetchClient,
  type FetchResponse,
  type MaybeOptionalInit,
} from 'openapi-fetch';
import type { HttpMethod, MediaType, PathsWithMethod, RequiredKeysOf } from 'openapi-typescript-helpers';
import type { paths } from './api.ts';
import { failureOf, problemErrorOf } from './problem.ts';
import type { Send } from './send.ts';

type InitOf<Init> =
  RequiredKeysOf<Init> extends never ? [(Init & { [key: string]: unknown })?] : [Init & { [key: string]: unknown }];

/** What is left of an answer when refusals are thrown. */
type Answered<R> = R extends { data: unknown } ? Pick<R, 'data' | Extract<'response', keyof R>> : never;

type Method<M extends HttpMethod> = <
  Path extends PathsWithMethod<paths, M>,
  Init extends MaybeOptionalInit<paths[Path], M & keyof paths[Path]>,
>(
  path: Path,
  ...init: InitOf<Init>
) => Promise<Answered<FetchResponse<paths[Path][M & keyof paths[Path]] & {}, Init, MediaType>>>;

/**
 * The operations of the API by method and path, typed by its description. Each gives `{ data, response }`.
 * @throws ProblemError for every refusal, NetworkError when no answer arrives
 */
export interface Api {
  GET: Method<'get'>;
  PUT: Method<'put'>;
  POST: Method<'post'>;
  PATCH: Method<'patch'>;
  DELETE: Method<'delete'>;
}

export function createApi(baseUrl: string, send: Send): Api {
  const inner = createFetchClient<paths>({ baseUrl, fetch: send });
  const method = (name: keyof Api) => async (path: string, init?: { signal?: AbortSignal }) => {
    const call = inner[name] as unknown as Call;
    const { data, error, response } = await call(path, init).catch((error: unknown) => {
      throw failureOf(error, init?.signal);
    });
    if (response.ok || response.status === 304) return { data, response };
    const { status, statusText, headers } = response;
    const body = typeof error === 'string' ? error : JSON.stringify(error);
    throw problemErrorOf({ status, statusText, retryAfter: headers.get('retry-after'), body });
  };
  const methods = { GET: method('GET'), PUT: method('PUT'), POST: method('POST') };
  return { ...methods, PATCH: method('PATCH'), DELETE: method('DELETE') } as unknown as Api;
}

type Call = (path: string, init?: object) => ReturnType<FetchClient<Record<string, never>>['GET']> & Promise<Raw>;

interface Raw {
  data?: unknown;
  error?: unknown;
  response: Response;
}
