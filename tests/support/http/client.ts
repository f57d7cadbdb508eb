import { type PlatformAccess, pandect } from '../platform.ts';
import { readEvents, type ServerEvent } from './events.ts';

export interface Session {
  accessToken: string;
  refreshToken: string;
  expiresIn: number;
}

export interface Document {
  id: string;
  title: string;
  fileName: string;
  status: 'queued' | 'processing' | 'ready' | 'failed' | 'replaced';
  failure: { code: string; message: string } | null;
}

export interface Citation {
  documentId: string;
  title: string;
  page: number | null;
  start: number;
  end: number;
  quote: string;
}

export interface Answer {
  answer: string;
  citations: Citation[];
  sources: { documentId: string; title: string; notices: unknown[]; noticesOmitted: number }[];
  answered: boolean;
  cached: boolean;
  conversationId: string;
}

export interface Hit {
  documentId: string;
  title: string;
  start: number;
  end: number;
  text: string;
}

export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  detail: string;
}

export interface RequestOptions {
  json?: unknown;
  body?: RequestInit['body'];
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** One organization's owner, signed in. */
export interface Account {
  email: string;
  password: string;
  session: Session;
  /** Sends with the access token, as `POST /api/ask`. */
  send(call: `${string} /${string}`, options?: RequestOptions): Promise<Response>;
  /** The JSON of a successful answer. @throws with the problem otherwise */
  get<T>(call: `${string} /${string}`, options?: RequestOptions): Promise<T>;
  upload(name: string, content: string | Uint8Array<ArrayBuffer>): Promise<Pick<Document, 'id' | 'status'>>;
  /** Follows the document's events to the last one. */
  follow(id: string): Promise<Document[]>;
  /** Uploads and waits. @throws when it does not become ready */
  add(name: string, content: string | Uint8Array<ArrayBuffer>): Promise<string>;
  ask(question: string, options?: object): Promise<Answer>;
  askStream(question: string): Promise<ServerEvent[]>;
  search(query: string, options?: object): Promise<Hit[]>;
}

const REQUEST_MS = 60_000;

/** A request without a token. */
export function send(url: string, call: `${string} /${string}`, options: RequestOptions = {}): Promise<Response> {
  const [method = '', path = ''] = call.split(' ', 2);
  const { json, body, headers, signal = AbortSignal.timeout(REQUEST_MS) } = options;
  return fetch(url + path, {
    method,
    headers: { ...(json !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(json !== undefined && { body: JSON.stringify(json) }),
    ...(body !== undefined && { body, duplex: 'half' }),
    signal,
  } as RequestInit);
}

/** Registers a new organization and puts it on a plan. */
export async function createAccount(
  platform: PlatformAccess,
  { tier = 'enterprise', email = `owner-${crypto.randomUUID()}@example.org` } = {},
): Promise<Account> {
  const password = `password ${crypto.randomUUID()}`;
  const registered = await send(platform.url, 'POST /api/auth/register', {
    json: { email, password, organization: 'Whole-system test' },
  });
  const session = await successful<Session>(registered);
  if (tier !== 'demo') {
    const { status, stderr } = await pandect(platform, 'admin', 'tier', email, tier);
    if (status !== 0) throw new Error(`Change tier: ${stderr}`);
  }
  return createClient(platform.url, { email, password, session });
}

function createClient(
  url: string,
  { email, password, session }: Pick<Account, 'email' | 'password' | 'session'>,
): Account {
  const account: Account = {
    email,
    password,
    session,
    send: (call, options = {}) =>
      send(url, call, { ...options, headers: { authorization: `Bearer ${session.accessToken}`, ...options.headers } }),
    get: async (call, options) => successful(await account.send(call, options)),
    upload: (name, content) => account.get('POST /api/documents', { body: form(name, content) }),
    async follow(id) {
      const events = await Array.fromAsync(readEvents(await account.send(`GET /api/documents/${id}/events`)));
      return events.map(({ data }) => data as Document);
    },
    async add(name, content) {
      const { id } = await account.upload(name, content);
      const last = (await account.follow(id)).at(-1);
      if (last?.status !== 'ready') throw new Error(`Add "${name}": ${JSON.stringify(last)}`);
      return id;
    },
    ask: (question, options) => account.get('POST /api/ask', { json: { question, ...options } }),
    async askStream(question) {
      return Array.fromAsync(readEvents(await account.send('POST /api/ask', { json: { question, stream: true } })));
    },
    search: async (query, options) =>
      (await account.get<{ hits: Hit[] }>('POST /api/search', { json: { query, ...options } })).hits,
  };
  return account;
}

export function form(name: string, content: string | Uint8Array<ArrayBuffer>): FormData {
  const data = new FormData();
  data.append('file', new Blob([content]), name);
  return data;
}

async function successful<T>(response: Response): Promise<T> {
  const text = await response.text();
  if (!response.ok) throw new Error(`Ask "${response.url}": ${response.status} ${text}`);
  return JSON.parse(text) as T;
}
