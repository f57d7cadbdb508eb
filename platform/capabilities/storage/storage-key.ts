import { createHash, randomUUID } from 'node:crypto';

const pattern = /^[0-9a-f]{2}\/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A fresh key like `9c/3f2b…9c`: a UUID behind its last two digits, so that no folder holds every file. */
export const newStorageKey = (): string => keyOf(randomUUID());

/** The same key for the same name, for what is stored over when it is stored again. @param name the platform's own, with a random part */
export function storageKeyOf(name: string): string {
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 32);
  return keyOf(digest.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'));
}

const keyOf = (id: string) => `${id.slice(-2)}/${id}`;

export const isStorageKey = (key: string): boolean => pattern.test(key);

/**
 * Every key passes here before it becomes a path: anything but hex, one slash and dashes is refused.
 * @throws Error for what `newStorageKey` cannot have made.
 */
export function requireStorageKey(key: string): string {
  if (!isStorageKey(key)) throw new Error(`Use storage key ${JSON.stringify(key.slice(0, 60))}: not one of ours`);
  return key;
}
