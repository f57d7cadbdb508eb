import { Readable } from 'node:stream';
import { itemsOf, textsOf } from './read-xml.ts';
import type { S3Client } from './s3-client.ts';
import { S3Failure } from './s3-failure.ts';

export interface S3Object {
  key: string;
  changedAt: Date;
  bytes: number;
}

/** Objects of the bucket, page by page, in the order of their keys. @param prefix of their keys */
export async function* listObjects(client: S3Client, prefix = ''): AsyncGenerator<S3Object> {
  let token: string | undefined;
  do {
    const query = {
      ...{ 'list-type': '2', 'max-keys': '1000' },
      ...(prefix !== '' && { prefix }),
      ...(token !== undefined && { 'continuation-token': token }),
    };
    const response = await client.call('List files in S3', { method: 'GET', query });
    const xml = await response.text();
    for (const { Key = '', LastModified = '', Size } of itemsOf(xml, 'Contents', ['Key', 'LastModified', 'Size'])) {
      yield { key: Key, changedAt: new Date(LastModified), bytes: Number(Size) };
    }
    const { IsTruncated, NextContinuationToken } = textsOf(xml, ['IsTruncated', 'NextContinuationToken']);
    if (IsTruncated === undefined) {
      throw new S3Failure('List files in S3', { status: response.status, code: 'the answer is cut off' });
    }
    token = IsTruncated === 'true' ? NextContinuationToken : undefined;
  } while (token !== undefined);
}

/** Removing what is not there is fine. */
export async function removeObject(client: S3Client, key: string): Promise<void> {
  const response = await client.call('Remove file from S3', { method: 'DELETE', key }).catch(unlessMissing);
  await response?.arrayBuffer();
}

/** A small object as text; `undefined` when it is not there. */
export async function readText(client: S3Client, key: string): Promise<string | undefined> {
  const response = await client.call('Read file from S3', { method: 'GET', key }).catch(unlessMissing);
  return response?.text();
}

/** An object from a byte on. */
export async function readFrom(client: S3Client, key: string, start: number): Promise<Readable> {
  const headers = start === 0 ? {} : { range: `bytes=${start}-` };
  const response = await client.call('Read file from S3', { method: 'GET', key, headers });
  if (start > 0 && response.status !== 206) {
    await response.body?.cancel();
    throw new S3Failure('Read file from S3', { status: response.status, code: 'no such range in the answer' });
  }
  return response.body ? Readable.fromWeb(response.body as never) : Readable.from([]);
}

function unlessMissing(error: unknown): undefined {
  if (!(error instanceof S3Failure && error.code === 'NoSuchKey')) throw error;
}
