import { type Api, createApi } from './api-methods.ts';
import { type Asking, type AskOptions, ask, type Question } from './ask.ts';
import { createAuthorization } from './authorization.ts';
import { type Clock, createClock } from './clock.ts';
import { type DocumentEvent, type FollowedEvent, type FollowOptions, follow, followEvents } from './follow.ts';
import { problemErrorOfResponse } from './problem.ts';
import { randomId } from './random-id.ts';
import { createAuthorizedSend, createSend } from './send.ts';
import { createKeySession } from './session/key-session.ts';
import { type Locks, ownLock, sharedLock } from './session/lock.ts';
import { openNews } from './session/news.ts';
import { createSession, type OwnSession, type Session } from './session/session.ts';
import { cookieCalls, storeCalls, type TokenStore } from './session/sign-in-calls.ts';
import { type Upload, type UploadOptions, upload } from './upload/upload.ts';

export interface ClientOptions {
  /** Where the platform is, such as `https://pandect.example.org`; the page's own origin unless given. */
  baseUrl?: string;
  /** Instead of a cookie, outside of browsers: where the refresh token is kept. */
  tokens?: TokenStore;
  /** Instead of a person's session: a key of the organization. */
  apiKey?: string;
  /** The language of texts that the server writes, such as `ru`; asked before each request. */
  language?: () => string | undefined;
  /**
   * Called once when the session has ended by itself. Requests that failed by it wait for what it returns, and are repeated if that is
   * true: the person has signed in again.
   */
  onSignedOut?: () => unknown;
  fetch?: typeof globalThis.fetch;
  /** What keeps two pages from refreshing the session at once; `navigator.locks` where there is one. */
  locks?: Locks;
}

export interface Client {
  /** All operations, typed. @see Api */
  readonly api: Api;
  readonly session: Session;
  /** The server's time, for what is shown as "in 5 minutes". */
  readonly clock: Pick<Clock, 'now'>;
  /** Asks a question; the answer's events are read from the result. A lost connection is made again. */
  ask(question: Question, options?: AskOptions): Asking;
  /** Ends an answer; what there is of it is kept. @param key of the result of `ask` */
  stopAsking(key: string): Promise<void>;
  /** Starts to upload a file, which continues after a lost connection. */
  upload(file: Blob, options?: UploadOptions): Upload;
  /** Changes of all documents of the organization, until the signal is aborted or the loop is left. */
  followDocuments(signal?: AbortSignal): AsyncGenerator<DocumentEvent, void>;
  /** The events of any other stream, by its path; from `lastEventId` on, and again from the last one after a lost connection. */
  followEvents(path: string, options?: FollowOptions): AsyncGenerator<FollowedEvent, void>;
  /** The same as `fetch` with the session, for addresses below `baseUrl` and what `api` does not suit. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Calls `hear` with every response of the server, such as for its headers; bodies belong to others. @returns what ends that */
  onResponse(hear: (response: Response) => void): () => void;
  /** Lets go of what the client holds in the page. */
  close(): void;
}

const SHARED = 'pandect-session';

/** A client of one platform for one person or key. @throws ProblemError and NetworkError, from all that asks the server */
export function createClient(options: ClientOptions = {}): Client {
  const baseUrl = (options.baseUrl ?? globalThis.location?.origin ?? '').replace(/\/+$/, '');
  const clock = createClock();
  const hearers = new Set<(response: Response) => void>([({ headers }) => clock.note(headers)]);
  const hear = (response: Response) => {
    for (const hearer of [...hearers]) hearer(response);
  };
  const send = createSend({
    fetch: options.fetch ?? ((request) => globalThis.fetch(request)),
    hear,
    language: options.language,
    usesCookie: options.tokens === undefined && options.apiKey === undefined,
  });
  const session = sessionOf(options, (path, body) => {
    const headers = { 'content-type': 'application/json' };
    return send(new Request(`${baseUrl}${path}`, { method: 'POST', headers, body: JSON.stringify(body) }));
  });
  const authorization = createAuthorization(session, options.onSignedOut);
  const authorized = createAuthorizedSend(send, authorization);
  const api = createApi(baseUrl, authorized);
  return {
    api,
    session,
    clock,
    ask(question, { key = randomId(), ...rest } = {}) {
      const answer = ask(authorized, `${baseUrl}/api/ask`, question, { key, ...rest });
      return { key, [Symbol.asyncIterator]: () => answer };
    },
    async stopAsking(key) {
      const url = `${baseUrl}/api/ask/${encodeURIComponent(key)}`;
      const response = await authorized(new Request(url, { method: 'DELETE' }));
      if (!response.ok) throw await problemErrorOfResponse(response);
    },
    upload: (file, uploadOptions) =>
      upload({ send: authorized, authorization, baseUrl, language: options.language }, file, uploadOptions),
    followDocuments: (signal) => follow(authorized, `${baseUrl}/api/documents/events`, signal),
    followEvents: (path, options) => followEvents(authorized, `${baseUrl}${path}`, options),
    fetch: (path, init) => authorized(new Request(`${baseUrl}${path}`, init)),
    onResponse(hearer) {
      hearers.add(hearer);
      return () => hearers.delete(hearer);
    },
    close: () => session.close(),
  };
}

function sessionOf(
  { apiKey, tokens, locks = globalThis.navigator?.locks }: ClientOptions,
  call: (path: string, body: object) => Promise<Response>,
): OwnSession {
  if (apiKey !== undefined) return createKeySession(apiKey);
  if (tokens) return createSession({ calls: storeCalls(call, tokens), lock: ownLock() });
  return createSession({
    calls: cookieCalls(call),
    lock: locks ? sharedLock(locks, SHARED) : ownLock(),
    ...('BroadcastChannel' in globalThis && { openNews: (hear) => openNews(SHARED, hear) }),
  });
}
