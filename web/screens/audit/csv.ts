/** What a spreadsheet would run as a formula when it stands at the beginning of a cell. */
const FORMULA = /^[=+\-@\t\r]/;

/** A line of CSV (RFC 4180). Cells that a spreadsheet would take for formulas get an apostrophe before them. */
export function csvLine(cells: string[]): string {
  const quoted = cells.map((cell) => {
    const safe = FORMULA.test(cell) ? `'${cell}` : cell;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  });
  return `${quoted.join(',')}\r\n`;
}
