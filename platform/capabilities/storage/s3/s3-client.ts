import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { AwsV4Signer } from 'aws4fetch';
import { checkOutbound, createOutboundFetch, type OutboundOptions } from '../../outbound/index.ts';
import { connectionFailure, isTransient, readFailure, S3Failure } from './s3-failure.ts';

export interface S3Options extends Pick<OutboundOptions, 'internalHosts' | 'resolve' | 'places'> {
  /** Origin of the server, such as `https://storage.yandexcloud.net`. */
  endpoint: string;
  /** The same as browsers reach it; default: `endpoint`. */
  publicEndpoint?: string | undefined;
  region: string;
  bucket: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** `endpoint/bucket/key`, not `bucket.endpoint/key`. */
  isPathStyle: boolean;
  allowedHosts: readonly string[];
  /** Before the second attempt, at most; doubled before each one after it. */
  retryMs?: number | undefined;
  /** Until an answer begins, to a request without a body. */
  answerMs?: number | undefined;
}

export interface S3Call {
  method: 'GET' | 'PUT' | 'DELETE';
  /** Undefined for the bucket itself. */
  key?: string;
  query?: Record<string, string>;
  /** Not signed: what stands between may change them. */
  headers?: Record<string, string>;
  /** A file of this machine. */
  body?: { path: string; bytes: number; sha256: string };
  signal?: AbortSignal | undefined;
}

export interface S3Client {
  /** @param action what is done, for the error @throws S3Failure for all but a success; the signal's reason */
  call(action: string, call: S3Call): Promise<Response>;
  /** An address that answers GET for so many seconds. */
  presign(key: string, query: Record<string, string>, seconds: number): Promise<string>;
}

const RETRIES = 4;
const RETRY_MS = 250;
const ANSWER_MS = 30_000;
/** The slowest line on which an upload is not given up. */
const SLOWEST_BYTES_PER_MS = 250;
const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

const isRedirect = (error: unknown) => ((error as Error).cause as Error | undefined)?.message === 'unexpected redirect';

/**
 * Signs and sends requests to one bucket. A request is sent again when the server is overloaded or the connection breaks: each one
 * of ours comes to the same when it is done twice. Bodies have a length and a signed hash, by which the server knows that they are
 * whole; what some SDKs send in place of that, checksums behind the body, many servers store as content.
 * @throws Error when the platform may not call the endpoint
 */
export function createS3Client(options: S3Options): S3Client {
  const { region, bucket, accessKeyId, secretAccessKey, isPathStyle, allowedHosts } = options;
  const { retryMs = RETRY_MS, answerMs = ANSWER_MS } = options;
  const key = { accessKeyId, secretAccessKey, region, service: 's3', cache: new Map<string, ArrayBuffer>() };
  const address = (endpoint: string, objectKey: string | undefined, query: Record<string, string>) => {
    const url = new URL(endpoint);
    if (!isPathStyle) url.hostname = `${bucket}.${url.hostname}`;
    url.pathname = [isPathStyle ? bucket : undefined, objectKey].filter((part) => part !== undefined).join('/');
    url.search = new URLSearchParams(query).toString();
    return url.href;
  };
  checkOutbound(address(options.endpoint, undefined, {}), allowedHosts);
  const outbound = createOutboundFetch(allowedHosts, options);

  async function attempt(action: string, call: S3Call): Promise<Response | S3Failure> {
    const { method, body, signal } = call;
    const signed = await new AwsV4Signer({
      ...key,
      method,
      url: address(options.endpoint, call.key, call.query ?? {}),
      headers: { 'x-amz-content-sha256': body?.sha256 ?? EMPTY_SHA256 },
    }).sign();
    const headers = new Headers(signed.headers);
    // Files are given out as they are stored, not as something between thinks they pass better.
    for (const [name, value] of Object.entries({ 'accept-encoding': 'identity', ...call.headers })) {
      headers.set(name, value);
    }
    if (body) headers.set('content-length', String(body.bytes));
    const content = body && createReadStream(body.path);
    const late = new AbortController();
    const patienceMs = answerMs + (body?.bytes ?? 0) / SLOWEST_BYTES_PER_MS;
    const timer = setTimeout(() => late.abort(new DOMException('late', 'TimeoutError')), patienceMs);
    try {
      const response = await outbound(signed.url, {
        ...{ method, headers, body: content ? (Readable.toWeb(content) as BodyInit) : null, duplex: 'half' },
        // Otherwise fetch keeps a copy of all that it sends.
        ...(content && { redirect: 'error' }),
        signal: signal ? AbortSignal.any([signal, late.signal]) : late.signal,
      });
      return response.ok ? response : await readFailure(action, response, { bucket });
    } catch (error) {
      signal?.throwIfAborted();
      if (content && isRedirect(error)) return describeRedirect(action);
      return connectionFailure(action, error);
    } finally {
      content?.destroy();
      clearTimeout(timer);
    }
  }

  /** An upload does not learn where it is sent; a request without a body does. */
  async function describeRedirect(action: string): Promise<S3Failure> {
    const found = await attempt(action, { method: 'GET', query: { 'list-type': '2', 'max-keys': '1' } });
    if (found instanceof S3Failure) return found;
    await found.body?.cancel();
    return new S3Failure(action, { code: 'Redirect' });
  }

  return {
    async call(action, call) {
      for (let retry = 0; ; retry += 1) {
        const result = await attempt(action, call);
        if (!(result instanceof S3Failure)) return result;
        if (retry === RETRIES || !isTransient(result)) throw result;
        // Spread out, so that those who failed together do not come back together.
        const pauseMs = retryMs * 2 ** retry * (0.5 + Math.random() / 2);
        await sleep(pauseMs, undefined, call.signal ? { signal: call.signal } : {});
      }
    },

    async presign(objectKey, query, seconds) {
      const url = address(options.publicEndpoint ?? options.endpoint, objectKey, {
        ...query,
        'X-Amz-Expires': String(seconds),
      });
      const signed = await new AwsV4Signer({ ...key, method: 'GET', url, signQuery: true }).sign();
      // Some servers take a plus sign in an address as it stands.
      return signed.url.href.replaceAll('+', '%20');
    },
  };
}
