import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits that a client holds. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** What is kept of a secret. So random a one needs no slow hash, and can be found by its digest. */
export const digest = (secret: string): string => createHash('sha256').update(secret).digest('hex');
