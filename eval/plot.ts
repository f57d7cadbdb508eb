import { depths } from './measure.ts';
import type { Report } from './report.ts';

const size = { width: 260, height: 180, left: 36, top: 28, bottom: 26, right: 10 };
const colours = ['#1d4ed8', '#9ca3af', '#d97706', '#059669'];

/** An SVG picture: hit@k over k for each group, the platform next to the baselines. */
export function plot({ summary, baselines, set }: Report): string {
  const groups = Object.keys(summary.groups);
  const runs = [{ name: 'Pandect', groups: summary.groups }, ...baselines];
  const columns = Math.min(3, groups.length);
  const rows = Math.ceil(groups.length / columns);
  const panels = groups.map((group, index) => {
    const [x, y] = [(index % columns) * size.width, 30 + Math.floor(index / columns) * size.height];
    const lines = runs.flatMap((run, colour) => {
      const points = depths.flatMap((k) => {
        const value = run.groups[group]?.curve[k]?.hit;
        return value === undefined ? [] : [`${across(k)},${down(value)}`];
      });
      return points.length === 0 ? [] : [line(points, colours[colour % colours.length] as string)];
    });
    return `<g transform="translate(${x} ${y})">${frame(`${group} (${summary.groups[group]?.questions})`)}${lines.join('')}</g>`;
  });
  const legend = runs.map(
    ({ name }, index) =>
      `<text x="${36 + index * 240}" y="18" fill="${colours[index % colours.length]}">${escapeText(name)}</text>`,
  );
  const [width, height] = [columns * size.width, 40 + rows * size.height];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11">
<title>hit@k on ${escapeText(set)}</title><rect width="100%" height="100%" fill="white"/>
${legend.join('\n')}
${panels.join('\n')}
</svg>
`;
}

const across = (k: number) =>
  size.left +
  (depths.indexOf(k as (typeof depths)[number]) / (depths.length - 1)) * (size.width - size.left - size.right);
const down = (value: number) => size.top + (1 - value) * (size.height - size.top - size.bottom);

const line = (points: string[], colour: string) =>
  `<polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>`;

function frame(title: string): string {
  const grid = [0, 0.25, 0.5, 0.75, 1].map(
    (value) =>
      `<line x1="${size.left}" x2="${size.width - size.right}" y1="${down(value)}" y2="${down(value)}" stroke="#e5e7eb"/>` +
      `<text x="${size.left - 4}" y="${down(value) + 4}" text-anchor="end">${value}</text>`,
  );
  const ticks = depths.map(
    (k) => `<text x="${across(k)}" y="${size.height - size.bottom + 14}" text-anchor="middle">${k}</text>`,
  );
  return `<text x="${size.left}" y="${size.top - 8}" font-weight="bold">${escapeText(title)}</text>${grid.join('')}${ticks.join('')}`;
}

const escapeText = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
