import { z } from 'zod';

/** What a push consists of: a compressed tar whose first file says what is asked for, followed by the files of a source. */

/** What of a checkout units are read and built from. Everything else takes effect only with a new image. */
export const SOURCE_ENTRIES = [
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'pandect.ts',
  'db',
  'modules',
  'platform',
  'functions',
  'workers',
] as const;

export const REQUEST_FILE = 'push.json';

export const PUSH_LIMITS = {
  /** As sent, compressed. */
  archiveBytes: 32 * 1024 ** 2,
  unpackedBytes: 128 * 1024 ** 2,
  fileBytes: 8 * 1024 ** 2,
  files: 20_000,
} as const;

/** The body of the first file. */
export const pushRequest = z.strictObject({
  format: z.literal(1),
  /** Functions and workers; none: all that the source has. */
  units: z.array(z.string()),
  /** Git revision of the source, with `+` behind it when files had been changed since. */
  revision: z.string().max(64).optional(),
  canary: z.number().optional(),
  by: z.string().optional(),
  watch: z.number().min(0).optional(),
  wait: z.boolean().optional(),
});
export type PushRequest = z.output<typeof pushRequest>;

/** Names of files that may hold a secret, which a push never carries. */
const secretNames =
  /^(\.env(\.(?!example$).*)?|.*\.(pem|key|p12|pfx|jks)|id_(rsa|dsa|ecdsa|ed25519)|\.npmrc|\.netrc|credentials\.json)$/i;

/** @param path relative, with `/` */
export const isSecretName = (path: string): boolean => secretNames.test(path.slice(path.lastIndexOf('/') + 1));
