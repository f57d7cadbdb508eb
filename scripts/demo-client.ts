import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';

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
  answered: boolean;
  citations: Citation[];
  model: string;
  cached: boolean;
}

export interface DocumentState {
  id: string;
  fileName: string;
  status: 'queued' | 'processing' | 'ready' | 'failed';
  progress: { pagesDone: number; pagesTotal: number };
  failure: { message: string } | null;
}

/** The calls of the HTTP API that the demonstration makes, as any client would make them. */
export class DemoClient {
  readonly url: string;
  accessToken = '';

  constructor(url: string) {
    this.url = url;
  }

  async post<T>(path: string, body: object): Promise<{ status: number; body: T }> {
    return this.#send(path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    });
  }

  async get<T>(path: string): Promise<T> {
    return (await this.#send<T>(path, {})).body;
  }

  async upload(path: string): Promise<{ id: string; status: string }> {
    const form = new FormData();
    form.set('file', await openAsBlob(path), basename(path));
    const { status, body } = await this.#send<{ id: string; status: string; detail?: string }>('/api/documents', {
      method: 'POST',
      body: form,
    });
    if (status !== 202) throw new Error(`Upload "${basename(path)}": ${body.detail ?? status}`);
    return body;
  }

  /** Follows a document's events; the last one is `ready` or `failed`. */
  follow(id: string): AsyncGenerator<DocumentState> {
    return this.events<DocumentState>(`/api/documents/${id}/events`);
  }

  /** States from a stream of events, until it ends. */
  async *events<T>(path: string): AsyncGenerator<T> {
    const response = await this.#fetch(path, {});
    let rest = '';
    const decoder = new TextDecoder();
    for await (const part of response.body as ReadableStream<Uint8Array>) {
      const lines = (rest + decoder.decode(part, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line.startsWith('data: ')) yield JSON.parse(line.slice(6));
    }
  }

  async bytes(path: string): Promise<Buffer> {
    const response = await this.#fetch(path, {});
    if (!response.ok) throw new Error(`Read "${path}": ${response.status}`);
    return Buffer.from(await response.arrayBuffer());
  }

  async ask(question: string): Promise<Answer> {
    const { status, body } = await this.post<Answer & { detail?: string }>('/api/ask', { question });
    if (status !== 200) throw new Error(`Ask "${question}": ${body.detail ?? status}`);
    return body;
  }

  /** Makes the key of a program. */
  async addKey(name: string, scopes: readonly string[]): Promise<{ id: string; key: string }> {
    const made = await this.post<{ id: string; key: string; detail?: string }>('/api/keys', { name, scopes });
    if (made.status !== 201) throw new Error(`Add key "${name}": ${made.body.detail ?? made.status}`);
    return made.body;
  }

  removeKey(id: string): Promise<void> {
    return this.remove(`/api/keys/${id}`);
  }

  async remove(path: string): Promise<void> {
    const { status } = await this.#fetch(path, { method: 'DELETE' });
    if (status !== 204) throw new Error(`Remove "${path}": ${status}`);
  }

  async #send<T>(path: string, init: RequestInit): Promise<{ status: number; body: T }> {
    const response = await this.#fetch(path, init);
    return { status: response.status, body: (await response.json()) as T };
  }

  /** A client that is told to wait does so; the limits per address are meant for everybody. */
  async #fetch(path: string, init: RequestInit): Promise<Response> {
    const headers = { ...init.headers, ...(this.accessToken && { authorization: `Bearer ${this.accessToken}` }) };
    while (true) {
      const response = await fetch(this.url + path, { ...init, headers });
      const problem = response.status === 429 ? await response.clone().json() : undefined;
      if (problem?.type !== 'urn:pandect:problem:rate-limited') return response;
      await new Promise((resolve) => setTimeout(resolve, 1000 * Number(response.headers.get('retry-after') ?? 1)));
    }
  }
}
