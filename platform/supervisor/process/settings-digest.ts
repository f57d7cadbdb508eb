import { createHash } from 'node:crypto';

/** Names an environment, so that a later supervisor can tell whether a process was started with the one of now. */
export const settingsDigest = (environment: Record<string, string>): string =>
  createHash('sha256')
    .update(JSON.stringify(Object.entries(environment).toSorted()))
    .digest('hex')
    .slice(0, 12);
