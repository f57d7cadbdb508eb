import type { ReactNode } from 'react';

export interface Column<Row> {
  heading: string;
  cell: (row: Row) => ReactNode;
  /** Numbers stand at the right, one below the other. */
  numeric?: boolean;
}

/** A table that scrolls sideways by itself where the screen is narrow. */
export function Table<Row>({
  caption,
  columns,
  rows,
  rowKey,
}: {
  caption: string;
  columns: Column<Row>[];
  rows: Row[];
  rowKey: (row: Row) => string;
}) {
  return (
    // Scrolled by keyboard too
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable without a pointer
    <section aria-label={caption} tabIndex={0} className="overflow-x-auto rounded-xl border border-line bg-surface">
      {/* Elsewhere long words break anywhere; here narrow columns would break all words. */}
      <table className="w-full text-left text-sm wrap-break-word">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr className="border-b border-line text-muted">
            {columns.map(({ heading, numeric }) => (
              <th
                key={heading}
                scope="col"
                className={`px-4 py-3 font-medium whitespace-nowrap ${numeric ? 'text-right' : ''}`}
              >
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)} className="border-b border-line last:border-0">
              {columns.map(({ heading, cell, numeric }) => (
                <td key={heading} className={`px-4 py-3 align-top ${numeric ? 'text-right tabular-nums' : ''}`}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
