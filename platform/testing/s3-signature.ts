import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/*
 * Version 4 signatures as a server checks them, written from AWS's description and held against its examples, apart from the client
 * that signs: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
 */

export interface SignedRequest {
  method: string;
  /** Path and query as they were sent. */
  target: string;
  headers: IncomingHttpHeaders;
}

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  region: string;
}

/** What the server answers in place of what was asked. */
export class S3Refusal extends Error {
  readonly status: number;
  readonly code: string;
  /** Further elements of the error. */
  readonly more: Record<string, string>;
  constructor(status: number, code: string, more: Record<string, string> = {}) {
    super(code);
    this.status = status;
    this.code = code;
    this.more = more;
  }
}

interface Claim {
  accessKeyId: string;
  /** `20130524/us-east-1/s3/aws4_request` */
  scope: string;
  signedHeaders: string[];
  signature: string;
  /** As `20130524T000000Z`. */
  at: string;
  payload: string;
}

const ALLOWED_SKEW_MS = 15 * 60_000;
const MOST_SECONDS = 604_800;
const UNSIGNED = 'UNSIGNED-PAYLOAD';

/**
 * Checks who sent a request and that nothing of it was changed.
 * @returns the hash that its body must have; undefined for an address that was signed for its bearer
 * @throws S3Refusal
 */
export function verifySignature(request: SignedRequest, credentials: Credentials, now: Date): string | undefined {
  const query = new URL(request.target, 'http://host').searchParams;
  const isPresigned = query.has('X-Amz-Signature');
  const claim = isPresigned ? claimOfQuery(query, now) : claimOfHeaders(request.headers, now);
  const [day = '', region = '', service, end] = claim.scope.split('/');
  if (claim.accessKeyId !== credentials.accessKeyId) throw new S3Refusal(403, 'InvalidAccessKeyId');
  if (region !== credentials.region)
    throw new S3Refusal(400, 'AuthorizationHeaderMalformed', { Region: credentials.region });
  if (service !== 's3' || end !== 'aws4_request' || day !== claim.at.slice(0, 8)) {
    throw new S3Refusal(400, 'AuthorizationHeaderMalformed');
  }
  const mustSign = ['host', ...Object.keys(request.headers).filter((name) => name.startsWith('x-amz-'))];
  if (!mustSign.every((name) => claim.signedHeaders.includes(name))) throw new S3Refusal(403, 'AccessDenied');
  const expected = Buffer.from(signatureOf(request, claim, credentials.secretAccessKey));
  const given = Buffer.from(claim.signature);
  if (expected.length !== given.length || !timingSafeEqual(expected, given)) {
    throw new S3Refusal(403, 'SignatureDoesNotMatch');
  }
  return isPresigned ? undefined : claim.payload;
}

/** The signature that a request must bear. */
export function signatureOf({ method, target, headers }: SignedRequest, claim: Claim, secretAccessKey: string): string {
  const canonical = [
    method,
    ...canonicalTarget(target),
    ...claim.signedHeaders.map(
      (name) =>
        `${name}:${String(headers[name] ?? '')
          .trim()
          .replaceAll(/ +/g, ' ')}`,
    ),
    '',
    claim.signedHeaders.join(';'),
    claim.payload,
  ].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', claim.at, claim.scope, createHash('sha256').update(canonical).digest('hex')];
  return signWith(signingKeyOf(claim.scope, secretAccessKey), toSign.join('\n'));
}

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

export const signingKeyOf = (scope: string, secretAccessKey: string): string | Buffer =>
  scope.split('/').reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`);

export const signWith = (key: string | Buffer, text: string): string => hmac(key, text).toString('hex');

function canonicalTarget(target: string): [path: string, query: string] {
  const [path = '', query = ''] = target.split(/\?(.*)/s);
  const pairs = query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => pair.split(/=(.*)/s).slice(0, 2).map(decode).map(encode))
    .map(([name = '', value = '']) => [name, value] as const)
    .filter(([name]) => name !== 'X-Amz-Signature')
    .toSorted(([a], [b]) => (a < b ? -1 : Number(a > b)));
  return [
    path.split('/').map(decode).map(encode).join('/'),
    pairs.map(([name, value]) => `${name}=${value}`).join('&'),
  ];
}

// A plus sign stands for itself, as some servers have it: a client that means a space must say %20.
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new S3Refusal(400, 'InvalidURI');
  }
}

const encode = (text: string) =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

export function claimOfHeaders(headers: IncomingHttpHeaders, now: Date): Claim {
  const { authorization, 'x-amz-date': at, 'x-amz-content-sha256': payload } = headers;
  if (authorization === undefined) throw new S3Refusal(403, 'AccessDenied');
  const [, credential = '', signedHeaders = '', signature = ''] =
    /^AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/.exec(
      authorization,
    ) ?? [];
  if (signature === '') throw new S3Refusal(400, 'AuthorizationHeaderMalformed');
  if (Math.abs(timeOf(at) - now.getTime()) > ALLOWED_SKEW_MS) throw new S3Refusal(403, 'RequestTimeTooSkewed');
  if (typeof payload !== 'string') throw new S3Refusal(400, 'InvalidRequest');
  return { ...split(credential), signedHeaders: signedHeaders.split(';'), signature, at: String(at), payload };
}

function claimOfQuery(query: URLSearchParams, now: Date): Claim {
  const value = (name: string) => query.get(`X-Amz-${name}`) ?? '';
  const seconds = Number(value('Expires'));
  const isSound = value('Algorithm') === 'AWS4-HMAC-SHA256' && seconds >= 1 && seconds <= MOST_SECONDS;
  if (!isSound) throw new S3Refusal(400, 'AuthorizationQueryParametersError');
  const begin = timeOf(value('Date'));
  if (begin - now.getTime() > ALLOWED_SKEW_MS) throw new S3Refusal(403, 'RequestTimeTooSkewed');
  if (begin + seconds * 1000 < now.getTime())
    throw new S3Refusal(403, 'AccessDenied', { Message: 'Request has expired' });
  return {
    ...split(value('Credential')),
    signedHeaders: value('SignedHeaders').split(';'),
    signature: value('Signature'),
    at: value('Date'),
    payload: UNSIGNED,
  };
}

function split(credential: string): Pick<Claim, 'accessKeyId' | 'scope'> {
  const [accessKeyId = '', scope = ''] = credential.split(/\/(.*)/s);
  return { accessKeyId, scope };
}

/** Milliseconds of `20130524T000000Z`. @throws S3Refusal */
function timeOf(text: string | string[] | undefined): number {
  const time = Date.parse(String(text).replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/, '$1-$2-$3:$4:$5'));
  if (Number.isNaN(time)) throw new S3Refusal(403, 'AccessDenied');
  return time;
}
