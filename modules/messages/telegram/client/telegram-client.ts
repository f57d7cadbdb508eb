import { readBreak, readRefusal } from './read-failure.ts';
import { TelegramFailure } from './telegram-failure.ts';

/** A file that is uploaded with a call. */
export interface Upload {
  content: Blob;
  fileName: string;
}

export interface CallOptions {
  signal?: AbortSignal;
  /** Longest wait for an answer. */
  timeoutMs?: number;
  /** Told Telegram's time, of any answer that has one. */
  onDate?: (date: Date) => void;
}

/** One bot at Telegram. */
export interface TelegramClient {
  /**
   * Calls a method of the Bot API.
   * @param files by the field that names them, such as `photo`
   * @throws TelegramFailure
   */
  call<T = unknown>(
    method: string,
    params?: Readonly<Record<string, unknown>>,
    files?: Readonly<Record<string, Upload>>,
    options?: CallOptions,
  ): Promise<T>;
}

export interface TelegramClientOptions {
  /** Address of the Bot API, such as https://api.telegram.org. */
  baseUrl: string;
  token: string;
  outbound: typeof fetch;
}

const TIMEOUT_MS = 20_000;
const UPLOAD_TIMEOUT_MS = 120_000;

/** https://core.telegram.org/bots/api. The token is a part of every address, so that no address is ever in an error. */
export function createTelegramClient({ baseUrl, token, outbound }: TelegramClientOptions): TelegramClient {
  const root = `${baseUrl.replace(/\/+$/, '')}/bot${token}/`;
  return {
    async call<T>(
      method: string,
      params: Readonly<Record<string, unknown>> = {},
      files: Readonly<Record<string, Upload>> = {},
      { signal, timeoutMs, onDate }: CallOptions = {},
    ): Promise<T> {
      const hasFiles = Object.keys(files).length > 0;
      const deadline = AbortSignal.timeout(timeoutMs ?? (hasFiles ? UPLOAD_TIMEOUT_MS : TIMEOUT_MS));
      const request: RequestInit = {
        ...{ method: 'POST', redirect: 'error' },
        signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
        ...(hasFiles
          ? { body: toForm(params, files) }
          : { body: JSON.stringify(params), headers: { 'content-type': 'application/json' } }),
      };
      let status: number;
      let body: unknown;
      try {
        const response = await outbound(root + method, request);
        status = response.status;
        const date = response.headers.get('date');
        if (date !== null) onDate?.(new Date(date));
        body = await response.json().catch((error: unknown) => {
          if (response.ok || !(error instanceof SyntaxError)) throw error;
          return undefined; // a proxy's page
        });
      } catch (error) {
        // The cause is left behind: it may hold the address.
        throw new TelegramFailure(method, readBreak(error));
      }
      if (status === 200 && isResult(body)) return body.result as T;
      throw new TelegramFailure(method, readRefusal(status, body));
    },
  };
}

const isResult = (body: unknown): body is { ok: true; result: unknown } =>
  typeof body === 'object' && body !== null && 'ok' in body && body.ok === true && 'result' in body;

function toForm(params: Readonly<Record<string, unknown>>, files: Readonly<Record<string, Upload>>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined) form.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  for (const [name, { content, fileName }] of Object.entries(files)) form.set(name, content, fileName);
  return form;
}
