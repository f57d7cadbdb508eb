import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** What a sealed secret belongs to; it opens for nothing else. */
export interface SealedFor {
  /** null for the platform's. */
  organizationId: string | null;
  name: string;
}

const FORM = 'v1';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts a secret by AES-256-GCM. @param key 32 bytes */
export function seal(key: Buffer, owner: SealedFor, secret: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(boundTo(owner));
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return `${FORM}.${Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')}`;
}

/** The secret; undefined when it was sealed with another key, for another owner or name, or was changed. */
export function unseal(key: Buffer, owner: SealedFor, ciphertext: string): string | undefined {
  const [form, text = ''] = ciphertext.split('.');
  const bytes = Buffer.from(text, 'base64url');
  if (form !== FORM || bytes.length < NONCE_BYTES + TAG_BYTES) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(boundTo(owner));
  decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}

/** Rows that change places with each other do not open. */
const boundTo = ({ organizationId, name }: SealedFor): Buffer => Buffer.from(JSON.stringify([organizationId, name]));
