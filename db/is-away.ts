/** What postgres.js says of a connection that could not be made, or that ended in the middle of a query. */
const lost = ['CONNECTION_CLOSED', 'CONNECTION_ENDED', 'CONNECTION_DESTROYED', 'CONNECT_TIMEOUT'];
/** What a server says that starts or ends, or has no connection, no disk space or no memory to give: SQLSTATE classes 57P and 53. */
const refused = ['57P01', '57P02', '57P03', '53000', '53100', '53200', '53300'];
/** The system's words for the same; with other calls they mean files. */
const calls = ['connect', 'read', 'write'];
const system = ['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'EAGAIN'];

/** Whether a query failed since the database cannot be reached, or has no room, at this moment; the same query may succeed later. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code = '', syscall = '' } = error as NodeJS.ErrnoException;
  if (lost.includes(code) || refused.includes(code)) return true;
  if (system.includes(code) && calls.includes(syscall)) return true;
  // Drizzle puts its own error around the connection's.
  return isDatabaseAway(error.cause);
}
