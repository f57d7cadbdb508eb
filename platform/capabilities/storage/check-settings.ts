import type { Source } from '../../kernel/composition.ts';
import { parseEnvironment } from '../../kernel/environment.ts';
import {
  S3_ACCESS_KEY_ID,
  S3_BUCKET,
  S3_ENDPOINT,
  S3_PATH_STYLE,
  S3_SECRET_ACCESS_KEY,
} from '../../kernel/variables.ts';
import { notAllowed } from '../outbound/not-outbound.ts';

const needed = [S3_ENDPOINT, S3_BUCKET, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY];

/** What the settings of the storage ask of each other: a line for each mistake. */
export function checkStorageSettings(source: Source): string[] {
  if (source.STORAGE !== 's3') return [];
  const missing = needed.flatMap(({ name }) => (source[name] ? [] : [`${name}: missing: must be set with STORAGE=s3`]));
  const { values } = parseEnvironment([S3_ENDPOINT, S3_BUCKET, S3_PATH_STYLE], source);
  if (values.S3_ENDPOINT === undefined || values.S3_BUCKET === undefined) return missing;
  if (values.S3_PATH_STYLE) return [...missing, ...notAllowed(values.S3_ENDPOINT, 'the host of S3_ENDPOINT', source)];
  const url = new URL(values.S3_ENDPOINT);
  url.hostname = `${values.S3_BUCKET}.${url.hostname}`;
  return [...missing, ...notAllowed(url.href, 'the host of S3_BUCKET at S3_ENDPOINT', source)];
}
