import createFetchClient, { type Client as FetchClient } from 'openapi-fetch';
import { ProblemError } from './problem.ts';
import { createSession, type Session } from './session.ts';

// biome-ignore lint/suspicious/noExplicitAny: the paths are generated from the API's description
type Paths = Record<string, any>;

export interface Client {
  api: FetchClient<Paths>;
  session: Session;
}

export interface ClientOptions {
  baseUrl: string;
  fetch?: typeof fetch;
}

/** A client of one platform. Answers that are problem documents are thrown as `ProblemError`. */
export function createClient({ baseUrl, fetch: send = fetch }: ClientOptions): Client {
  const session = createSession({ baseUrl, send });
  const api = createFetchClient<Paths>({ baseUrl, fetch: send });
  api.use({
    async onRequest({ request }) {
      const token = await session.accessToken();
      if (token) request.headers.set('Authorization', `Bearer ${token}`);
      return request;
    },
    async onResponse({ response }) {
      if (!response.headers.get('Content-Type')?.startsWith('application/problem+json')) return response;
      throw new ProblemError(await response.json());
    },
  });
  return { api, session };
}
