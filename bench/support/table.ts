export type Row = Record<string, string | number>;

/** What one bench found. Cells are figures or text; columns are those of the first row. */
export interface Table {
  title: string;
  rows: Row[];
  /** What was aimed at, and what was reached. */
  aims: { what: string; aim: string; reached: string; met: boolean }[];
  notes: string[];
}

export interface Bench {
  name: string;
  about: string;
  run(): Promise<Table>;
}

/** A Markdown table with its aims below. */
export function render({ title, rows, aims, notes }: Table): string {
  const columns = Object.keys(rows[0] ?? {});
  const cells = [columns, ...rows.map((row) => columns.map((column) => String(row[column] ?? '')))];
  const widths = columns.map((_, index) => Math.max(3, ...cells.map((line) => (line[index] as string).length)));
  const line = (values: readonly string[]) =>
    `| ${values.map((value, index) => value.padEnd(widths[index] as number)).join(' | ')} |`;
  const [head = [], ...body] = cells;
  return [
    `## ${title}`,
    '',
    line(head),
    line(widths.map((width) => '-'.repeat(width))),
    ...body.map(line),
    '',
    ...aims.map(
      ({ what, aim, reached, met }) => `${met ? 'reached' : 'MISSED '}  ${what}: aim ${aim}, here ${reached}`,
    ),
    ...notes.map((note) => `Note: ${note}`),
    '',
  ].join('\n');
}
