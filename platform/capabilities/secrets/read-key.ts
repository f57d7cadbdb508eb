import { readFile } from 'node:fs/promises';

const KEY_BYTES = 32;

/** The key that secrets are sealed with, from its file. @throws when it cannot be read, naming its path and nothing of its content */
export async function readSecretsKey(path: string): Promise<Buffer> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new Error(`Read key of secrets "${path}": ${(cause as NodeJS.ErrnoException).code}`);
  }
  const key = Buffer.from(text.trim(), 'base64url');
  if (key.length === KEY_BYTES) return key;
  throw new Error(`Read key of secrets "${path}": must hold ${KEY_BYTES} bytes in base64url`);
}
