import { readFileSync } from 'node:fs';
import { ConfigurationError, type Variable } from './environment.ts';

type Source = Readonly<Record<string, string | undefined>>;

/** The largest secret is a key of a few kilobytes; a larger file is another one. */
const MAX_BYTES = 64 * 1024;

/**
 * Secrets that stand in files: `NAME_FILE` names the file of the secret `NAME`, as container engines and systemd hand secrets over.
 * Line ends at the end do not belong to the secret.
 * @returns the secrets by their names
 * @throws ConfigurationError when a file cannot be read, is empty, or says another value than `NAME` itself
 */
export function secretsFromFiles(variables: readonly Variable[], source: Source): Record<string, string> {
  const secrets: Record<string, string> = {};
  const mistakes: string[] = [];
  for (const { name, secret } of variables) {
    const path = source[`${name}_FILE`];
    if (!secret || !path) continue;
    const value = read(path);
    if (value === undefined)
      mistakes.push(`${name}_FILE: "${path}": must be a file with the secret, which can be read`);
    else if (source[name] && source[name] !== value) mistakes.push(`${name}: set twice: remove it or ${name}_FILE`);
    else secrets[name] = value;
  }
  if (mistakes.length > 0) throw new ConfigurationError(mistakes);
  return secrets;
}

/** Names of the secrets that stand in an environment themselves, which a container engine shows to all who may ask it. */
export const secretsInEnvironment = (variables: readonly Variable[], source: Source): string[] =>
  variables.filter(({ name, secret }) => secret && source[name]).map(({ name }) => name);

function read(path: string): string | undefined {
  try {
    const bytes = readFileSync(path);
    return bytes.length > MAX_BYTES ? undefined : bytes.toString('utf8').replace(/[\r\n]+$/, '') || undefined;
  } catch {
    return undefined;
  }
}
