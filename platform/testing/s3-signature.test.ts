import { describe, expect, it } from 'vitest';
import { type SignedRequest, verifySignature } from './s3-signature.ts';

/* Examples of https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html and sigv4-query-string-auth.html */

const credentials = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  region: 'us-east-1',
};
const now = new Date('2013-05-24T00:00:00Z');
const host = 'examplebucket.s3.amazonaws.com';
const nothing = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const scope = 'AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request';

const get: SignedRequest = {
  method: 'GET',
  target: '/test.txt',
  headers: {
    host,
    range: 'bytes=0-9',
    'x-amz-content-sha256': nothing,
    'x-amz-date': '20130524T000000Z',
    authorization: `AWS4-HMAC-SHA256 Credential=${scope},SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41`,
  },
};
const list: SignedRequest = {
  method: 'GET',
  target: '/?max-keys=2&prefix=J',
  headers: {
    host,
    'x-amz-content-sha256': nothing,
    'x-amz-date': '20130524T000000Z',
    authorization: `AWS4-HMAC-SHA256 Credential=${scope},SignedHeaders=host;x-amz-content-sha256;x-amz-date,Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7`,
  },
};
const presigned: SignedRequest = {
  method: 'GET',
  target: `/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${encodeURIComponent(scope)}&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404`,
  headers: { host },
};

describe('a signature', () => {
  it.each([
    ['a file', get, nothing],
    ['a listing', list, nothing],
    ['an address', presigned, undefined],
  ])('of AWS’s example for %s is right', (_, request, hash) => {
    expect(verifySignature(request, credentials, now)).toBe(hash);
  });

  it.each<[string, SignedRequest, Date, object]>([
    ['another method', { ...get, method: 'DELETE' }, now, { code: 'SignatureDoesNotMatch' }],
    ['another path', { ...get, target: '/test.txz' }, now, { code: 'SignatureDoesNotMatch' }],
    [
      'another range',
      { ...get, headers: { ...get.headers, range: 'bytes=0-8' } },
      now,
      { code: 'SignatureDoesNotMatch' },
    ],
    ['one more query', { ...get, target: '/test.txt?acl' }, now, { code: 'SignatureDoesNotMatch' }],
    [
      'a header unsigned',
      { ...get, headers: { ...get.headers, 'x-amz-acl': 'public-read' } },
      now,
      { code: 'AccessDenied' },
    ],
    ['a late clock', get, new Date('2013-05-24T00:15:01Z'), { code: 'RequestTimeTooSkewed' }],
    ['an early clock', get, new Date('2013-05-23T23:44:59Z'), { code: 'RequestTimeTooSkewed' }],
    ['no signature', { ...get, headers: { host } }, now, { status: 403, code: 'AccessDenied' }],
    ['an address too late', presigned, new Date('2013-05-25T00:00:01Z'), { code: 'AccessDenied' }],
    [
      'an address for longer',
      { ...presigned, target: presigned.target.replace('=86400', '=86401') },
      now,
      { code: 'SignatureDoesNotMatch' },
    ],
    [
      'an address for too long',
      { ...presigned, target: presigned.target.replace('=86400', '=604801') },
      now,
      { status: 400 },
    ],
  ])('is wrong for %s', (_, request, at, refusal) => {
    expect(() => verifySignature(request, credentials, at)).toThrow(expect.objectContaining(refusal));
  });

  it('is wrong for another secret, and says the region', () => {
    expect(() => verifySignature(get, { ...credentials, secretAccessKey: 'other' }, now)).toThrow(
      'SignatureDoesNotMatch',
    );
    expect(() => verifySignature(get, { ...credentials, region: 'eu-west-1' }, now)).toThrow(
      expect.objectContaining({ code: 'AuthorizationHeaderMalformed', more: { Region: 'eu-west-1' } }),
    );
  });
});
