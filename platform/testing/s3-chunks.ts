import { createHash } from 'node:crypto';
import {
  type Credentials,
  claimOfHeaders,
  S3Refusal,
  type SignedRequest,
  signingKeyOf,
  signWith,
} from './s3-signature.ts';

/*
 * Bodies in signed pieces, as clients send them where no TLS protects the body:
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 */

export const STREAMING = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD';

const EMPTY = createHash('sha256').digest('hex');

/** The content of such a body. @throws S3Refusal when a piece is not signed as it has to be, or is cut */
export async function readChunks(
  body: AsyncIterable<Buffer>,
  { headers }: Pick<SignedRequest, 'headers'>,
  credentials: Credentials,
  now: Date,
): Promise<Buffer> {
  const { at, scope, signature } = claimOfHeaders(headers, now);
  const key = signingKeyOf(scope, credentials.secretAccessKey);
  const bytes = Buffer.concat(await Array.fromAsync(body));
  const pieces: Buffer[] = [];
  let last = signature;
  for (let from = 0; ; ) {
    const end = bytes.indexOf('\r\n', from);
    const [, size = '', signed = ''] =
      /^([0-9a-f]+);chunk-signature=([0-9a-f]{64})$/.exec(bytes.subarray(from, Math.max(end, from)).toString()) ?? [];
    if (size === '') throw new S3Refusal(400, 'IncompleteBody');
    const length = Number.parseInt(size, 16);
    const piece = bytes.subarray(end + 2, end + 2 + length);
    if (piece.length !== length) throw new S3Refusal(400, 'IncompleteBody');
    const hash = createHash('sha256').update(piece).digest('hex');
    last = signWith(key, ['AWS4-HMAC-SHA256-PAYLOAD', at, scope, last, EMPTY, hash].join('\n'));
    if (last !== signed) throw new S3Refusal(403, 'SignatureDoesNotMatch');
    if (length === 0) return Buffer.concat(pieces);
    pieces.push(piece);
    from = end + 2 + length + 2;
  }
}
