/** Light and dark by what the reader's system asks for; below 40rem each row of a table is a list of its cells. */
export const style = `
:root {
  color-scheme: light dark;
  --ink: #1b1f24; --quiet: #57606a; --ground: #ffffff; --line: #d0d7de;
  --track: #eaeef2; --used: #0969da; --variable: #8250df; --over: #cf222e; --warning: #7d4e00;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e6edf3; --quiet: #9da7b1; --ground: #0d1117; --line: #30363d;
    --track: #21262d; --used: #58a6ff; --variable: #bc8cff; --over: #ff7b72; --warning: #e3b341;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 64rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.4rem; line-height: 1.3; margin: 0.5rem 0; }
h2 { font-size: 1.1rem; margin: 2rem 0 0.5rem; }
p { margin: 0.5rem 0; }
.made, .words, figcaption { color: var(--quiet); font-size: 0.875rem; }
.warnings { list-style: none; margin: 1rem 0; padding: 0; }
.warnings li { border-left: 0.25rem solid var(--line); margin: 0.5rem 0; padding-left: 0.75rem; }
.warnings .error { border-color: var(--over); }
.warnings .error strong { color: var(--over); }
.warnings .warning { border-color: var(--warning); }
.warnings .warning strong { color: var(--warning); }
figure { margin: 0; }
.bar { margin: 0.75rem 0; }
.names { display: flex; justify-content: space-between; gap: 1rem; font-weight: 600; }
svg { display: block; width: 100%; height: 0.75rem; }
.track { fill: var(--track); }
.used { fill: var(--used); }
.variable { fill: var(--variable); }
.over { fill: var(--over); }
.limit { stroke: var(--ink); stroke-width: 2px; vector-effect: non-scaling-stroke; }
table { border-collapse: collapse; width: 100%; font-size: 0.9375rem; font-variant-numeric: tabular-nums; }
th, td { border-bottom: 1px solid var(--line); padding: 0.375rem 0.5rem; text-align: left; vertical-align: top; }
th { color: var(--quiet); font-weight: 600; }
dt { font-weight: 600; margin-top: 0.5rem; }
dd { margin: 0; }
@media (max-width: 40rem) {
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, tbody, tr, td { display: block; }
  tr { border-bottom: 1px solid var(--line); padding: 0.5rem 0; }
  td { border: 0; display: flex; justify-content: space-between; gap: 1rem; padding: 0.125rem 0; text-align: right; }
  td::before { content: attr(data-label); color: var(--quiet); text-align: left; }
  td:first-child { font-weight: 600; }
}
@media print { section { break-inside: avoid; } }
`;
