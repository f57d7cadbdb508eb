import type { Environment } from './environment.ts';

/** Where people reach the platform, without a slash at its end. */
export function publicOrigin({
  PUBLIC_URL,
  PANDECT_DOMAIN,
  PANDECT_PORT,
}: Pick<Environment, 'PUBLIC_URL' | 'PANDECT_DOMAIN' | 'PANDECT_PORT'>): string {
  if (PUBLIC_URL) return PUBLIC_URL.replace(/\/+$/, '');
  return PANDECT_DOMAIN ? `https://${PANDECT_DOMAIN}` : `http://localhost:${PANDECT_PORT}`;
}
