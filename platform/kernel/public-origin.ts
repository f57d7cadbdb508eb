/** Where people reach the platform, without a slash at its end. */
export function publicOrigin({
  PUBLIC_URL,
  PANDECT_DOMAIN,
  PANDECT_PORT,
}: {
  PUBLIC_URL: string | undefined;
  PANDECT_DOMAIN: string | undefined;
  PANDECT_PORT: number;
}): string {
  if (PUBLIC_URL) return PUBLIC_URL.replace(/\/+$/, '');
  return PANDECT_DOMAIN ? `https://${PANDECT_DOMAIN}` : `http://localhost:${PANDECT_PORT}`;
}
