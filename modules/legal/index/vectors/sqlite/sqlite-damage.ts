/** SQLITE_CORRUPT and SQLITE_NOTADB, whatever their details, and a file that ends before it should. */
const CORRUPT = 11;
const NOT_A_DATABASE = 26;
const SHORT_READ = 522;

/** Whether an error, or what caused it, says that a database file is damaged. */
export function isDamage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { errcode } = error as { errcode?: unknown };
  if (typeof errcode === 'number') {
    if (errcode === SHORT_READ || [CORRUPT, NOT_A_DATABASE].includes(errcode & 0xff)) return true;
  }
  return isDamage(error.cause);
}
