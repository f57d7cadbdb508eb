/** Prints an error as one message and ends with status 1; a stack only helps those who ask for it. */
export function fail(error: unknown): never {
  const { stack } = error instanceof Error ? error : new Error(String(error));
  console.error(process.env.DEBUG === 'true' ? stack : explain(error));
  process.exit(1);
}

/** What the query builder says is the whole statement; the database's own words below it tell what was wrong. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'query' in error && error.cause ? `Query failed: ${explain(error.cause)}` : error.message;
}

/** Rows under a header, columns as wide as their widest cell. */
export function table(header: string[], rows: (string | number | undefined)[][]): string {
  const cells = [header, ...rows.map((row) => row.map((cell) => String(cell ?? '')))];
  const widths = header.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The same result for people or, with `--json`, for programs. */
export function print(json: boolean, value: unknown, text: string): void {
  console.log(json ? JSON.stringify(value, null, 2) : text);
}
