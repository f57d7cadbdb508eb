import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

/**
 * What PostgreSQL keeps of a password and takes instead of one, with one iteration of its hash instead of 4096, which the
 * server and the client would go through at each new connection.
 * @param password of ASCII characters
 */
export function scramVerifier(password: string): string {
  const iterations = 1;
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256');
  const keyOf = (whose: 'Client' | 'Server') => createHmac('sha256', salted).update(`${whose} Key`).digest();
  const stored = createHash('sha256').update(keyOf('Client')).digest('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${stored}:${keyOf('Server').toString('base64')}`;
}
