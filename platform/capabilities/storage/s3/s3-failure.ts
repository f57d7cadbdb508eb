import { StorageUnavailable } from '../contract.ts';
import { textsOf } from './read-xml.ts';

/** What an S3 server refused, or failed to do. */
export class S3Failure extends StorageUnavailable {
  /** Of the answer; undefined when there was none. */
  readonly status: number | undefined;
  /** The error's code as S3 documents it, or that of the connection. */
  readonly code: string;
  /** Size of the whole file, where a range lies behind it. */
  readonly size: number | undefined;

  constructor(action: string, { status, code, reason, size, cause }: FailureFacts) {
    super(`${action}: ${code}${status === undefined ? '' : ` (${status})`}${reason ? `: ${reason}` : ''}`, { cause });
    this.name = 'S3Failure';
    this.status = status;
    this.code = code;
    this.size = size;
  }
}

interface FailureFacts {
  status?: number;
  code: string;
  reason?: string | undefined;
  size?: number | undefined;
  cause?: unknown;
}

const MOST_ERROR_BYTES = 64 * 1024;
const transientCodes = ['SlowDown', 'RequestTimeout', 'IncompleteBody', 'BadDigest', 'XAmzContentSHA256Mismatch'];
const transientStatuses = [429, 500, 502, 503, 504];

/** Whether the same request may succeed a moment later. */
export const isTransient = ({ status, code }: S3Failure): boolean =>
  status === undefined
    ? !['INTERNAL_ADDRESS', 'Redirect'].includes(code)
    : transientStatuses.includes(status) || transientCodes.includes(code);

/** Reads an answer that is not a success. Of the server's own words only the code and the region are repeated. */
export async function readFailure(
  action: string,
  response: Response,
  settings: { bucket: string },
): Promise<S3Failure> {
  const texts = textsOf(await readStart(response), ['Code', 'Region', 'ActualObjectSize', 'Endpoint']);
  const { status } = response;
  const code = word(texts.Code) ?? (status >= 300 && status < 400 ? 'Redirect' : 'no code');
  const region = word(response.headers.get('x-amz-bucket-region') ?? texts.Region);
  const total = /\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1] ?? texts.ActualObjectSize;
  return new S3Failure(action, {
    ...{ status, code, reason: reasonOf(code, { status, region, sent: response.headers.get('date'), ...settings }) },
    ...(status === 416 && total !== undefined && { size: Number(total) }),
  });
}

/** When no answer came. */
export function connectionFailure(action: string, error: unknown): S3Failure {
  const { cause, name } = error as Error;
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  if (name === 'TimeoutError') return new S3Failure(action, { code: 'no answer in time', cause: error });
  const reason = code === 'INTERNAL_ADDRESS' ? 'see OUTBOUND_INTERNAL_HOSTS' : undefined;
  return new S3Failure(action, { code: code ?? 'connection lost', reason, cause: error });
}

interface Circumstances {
  status: number;
  bucket: string;
  region: string | undefined;
  /** Time of the server. */
  sent: string | null;
}

const places = ['PermanentRedirect', 'TemporaryRedirect', 'Redirect', 'AuthorizationHeaderMalformed'];

function reasonOf(code: string, { status, bucket, region, sent }: Circumstances): string | undefined {
  if (places.includes(code) || (status >= 300 && status < 400)) {
    const where = region === undefined ? 'somewhere else' : `in region "${region}"`;
    return `the bucket "${bucket}" is ${where}: correct S3_REGION and S3_ENDPOINT`;
  }
  const reasons: Record<string, () => string> = {
    RequestTimeTooSkewed: () => `the clock of this machine ${skew(sent)}; set it`,
    NoSuchBucket: () => `there is no bucket "${bucket}": correct S3_BUCKET`,
    InvalidAccessKeyId: () => 'correct S3_ACCESS_KEY_ID',
    SignatureDoesNotMatch: () => 'correct S3_SECRET_ACCESS_KEY',
    AccessDenied: () => `the key may not do this in the bucket "${bucket}"`,
  };
  return reasons[code]?.();
}

function skew(sent: string | null): string {
  const seconds = Math.round((Date.now() - Date.parse(sent ?? '')) / 1000);
  if (Number.isNaN(seconds)) return 'differs from that of the storage';
  return `is ${Math.abs(seconds)} s ${seconds < 0 ? 'behind' : 'ahead of'} that of the storage`;
}

const word = (text: string | undefined | null) => (text && /^[\w.-]{1,60}$/.test(text) ? text : undefined);

async function readStart(response: Response): Promise<string> {
  if (!response.body) return '';
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const piece of response.body) {
      text += decoder.decode(piece, { stream: true });
      if (text.length > MOST_ERROR_BYTES) break;
    }
  } catch {
    // What came is enough, the status above all.
  }
  return text;
}
