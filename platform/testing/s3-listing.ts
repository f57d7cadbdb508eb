import { readdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { S3Server } from './s3-server.ts';
import { S3Refusal } from './s3-signature.ts';

/** What a bucket tells of itself, as XML: whether it keeps versions, or a page of the second form of listings. */
export async function listing(server: S3Server, query: URLSearchParams): Promise<string> {
  if (query.has('versioning')) {
    const status = server.isVersioned ? '<Status>Enabled</Status>' : '';
    return `<?xml version="1.0"?><VersioningConfiguration>${status}</VersioningConfiguration>`;
  }
  if (query.get('list-type') !== '2') throw new S3Refusal(501, 'NotImplemented');
  const after = Buffer.from(query.get('continuation-token') ?? '', 'base64').toString();
  const most = Math.min(Number(query.get('max-keys') ?? 1000), server.pageKeys);
  const prefix = query.get('prefix') ?? '';
  const all = (await listedKeys(server)).filter((one) => one.startsWith(prefix));
  // With a delimiter, what is below a folder is one entry.
  const delimiter = query.get('delimiter') || undefined;
  const isBelow = (one: string) => delimiter !== undefined && one.slice(prefix.length).includes(delimiter);
  const folders = new Set(
    all.filter(isBelow).map((one) => prefix + one.slice(prefix.length).split(delimiter as string)[0] + delimiter),
  );
  const keys = all.filter((one) => one > after && !isBelow(one));
  const page = keys.slice(0, most);
  const contents = await Promise.all(page.map((one) => contentOf(server, one)));
  const isTruncated = keys.length > page.length;
  const token = Buffer.from(page.at(-1) ?? '').toString('base64');
  const next = isTruncated ? `<NextContinuationToken>${token}</NextContinuationToken>` : '';
  const common = [...folders].map((one) => `<CommonPrefixes><Prefix>${one}</Prefix></CommonPrefixes>`).join('');
  return `<?xml version="1.0"?><ListBucketResult><Name>${server.bucket}</Name><IsTruncated>${isTruncated}</IsTruncated>${contents.join('')}${common}${next}</ListBucketResult>`;
}

export const listedKeys = async (server: S3Server) =>
  (await readdir(dirname(server.pathOf('any')))).map((name) => decodeURIComponent(name)).toSorted();

async function contentOf(server: S3Server, key: string): Promise<string> {
  const { size, mtime } = await stat(server.pathOf(key));
  return `<Contents><Key>${key}</Key><LastModified>${mtime.toISOString()}</LastModified><Size>${size}</Size></Contents>`;
}
