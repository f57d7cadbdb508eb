import { hash, verify } from '@node-rs/argon2';

/** Argon2id with the parameters that OWASP's password storage cheat sheet names first: 19 MiB, 2 passes, 1 lane. */
const options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export const hashPassword = (password: string): Promise<string> => hash(password, options);

export const verifyPassword = (passwordHash: string, password: string): Promise<boolean> =>
  verify(passwordHash, password);

/** A hash of what no one knows, made when first needed: an unknown address then costs as much time as a wrong password. */
export function createDecoy(): () => Promise<string> {
  let made: Promise<string> | undefined;
  return () => (made ??= hashPassword(crypto.randomUUID()));
}
