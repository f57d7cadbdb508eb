import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type ApiDescription, describeFunctions } from '../platform/export/functions-api.ts';
import { version } from '../platform/kernel/version.ts';

export type { ApiDescription };

/** The OpenAPI document that a platform of this checkout serves with default settings, made without starting one. */
export const describeApi = (): Promise<ApiDescription> =>
  describeFunctions(join(import.meta.dirname, '..'), { version, title: 'Pandect', gatewayPath: '/v1' });

export const clientApiPath = join(import.meta.dirname, '../client/api.ts');

/** Tells API descriptions apart by what they describe; `client/api.ts` names the one that it was generated from. */
export const apiDigest = ({ paths, components }: ApiDescription): string =>
  createHash('sha256').update(JSON.stringify({ paths, components })).digest('hex').slice(0, 16);
