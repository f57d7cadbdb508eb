/** Whether it is an address of HTTP that nothing but paths may be added to, and that holds no login. */
export function isPlainUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, username, password, search, hash } = new URL(value);
  return ['http:', 'https:'].includes(protocol) && username + password + search + hash === '';
}
