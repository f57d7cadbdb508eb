/** Headers that speak about one connection only, RFC 9110 section 7.6.1. */
const hopByHop = new Set(['connection', 'keep-alive', 'proxy-connection', 'upgrade']);

/**
 * How a body is framed is kept, since it is passed on as it comes; and `Connection` cannot have it removed, or two
 * servers would see different ends of one request.
 */
const framing = new Set(['host', 'content-length', 'transfer-encoding', 'trailer', 'te']);

/**
 * Headers for the next connection, names and values by turns as in `rawHeaders`: all but those of this connection and
 * those that `Connection` names, in their order and as often as they came.
 * @param connection what becomes of the next connection, or the protocol that it is to be switched to
 */
export function forwardedHeaders(
  raw: readonly string[],
  connection: 'close' | 'keep-alive' | { upgrade: string },
): string[] {
  const pairs = toPairs(raw);
  const named = pairs
    .filter(([name]) => name.toLowerCase() === 'connection')
    .flatMap(([, value]) => value.toLowerCase().split(','))
    .map((name) => name.trim())
    .filter((name) => !framing.has(name));
  const dropped = new Set([...hopByHop, ...named]);
  const kept = pairs.filter(([name]) => !dropped.has(name.toLowerCase()));
  return [
    ...kept.flat(),
    'Connection',
    ...(typeof connection === 'string' ? [connection] : ['Upgrade', 'Upgrade', connection.upgrade]),
  ];
}

export const toPairs = (raw: readonly string[]): [string, string][] =>
  Array.from({ length: raw.length / 2 }, (_, index) => [raw[2 * index] as string, raw[2 * index + 1] as string]);
