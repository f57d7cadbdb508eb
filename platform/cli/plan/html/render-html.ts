import type { Plan } from '../../../planner/make-plan.ts';
import { ownRemarks, ownStagesTable, stageRemarks, stagesTable } from '../cost-tables.ts';
import { chartTitle, hostLine } from '../render-plan.ts';
import { processLines, queuesTable, type ReportTable, sizesOf, unitsTable, workTable } from '../report-tables.ts';
import { costChart, useChart } from './charts.ts';
import { escapeText } from './escape-text.ts';
import { style } from './style.ts';

/** When and by what a report was made. */
export interface Made {
  at: Date;
  version: string;
  /** What was measured, where a platform was asked. */
  summary?: string | undefined;
}

/** A plan as one page that needs nothing else: no script, no font, no picture of another place, which its policy would refuse. */
export function renderHtml(plan: Plan, { at, version, summary }: Made): string {
  const title = hostLine(plan);
  const costs = stagesTable(plan);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeText(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escapeText(title)}</h1>
<p class="made">${escapeText(`Made on ${at.toISOString().slice(0, 10)} by pandect plan ${version}`)}</p>
${paragraphs(summary === undefined ? [] : [summary])}
${warnings(plan)}
${section(chartTitle(plan), useChart(plan.runsOut))}
${tableSection(workTable(plan))}
${tableSection(queuesTable(plan))}
${tableSection(unitsTable(plan))}
${section('Sizes', sizes(plan) + paragraphs(processLines(plan)))}
${section(costs.title, costChart(plan) + table(costs) + paragraphs(stageRemarks(plan)))}
${tableSection(ownStagesTable(plan), ownRemarks(plan))}
</main>
</body>
</html>
`;
}

const section = (title: string, content: string): string =>
  `<section>\n<h2>${escapeText(title)}</h2>\n${content}\n</section>`;

const tableSection = (part: ReportTable | undefined, below: readonly string[] = []): string =>
  part === undefined ? '' : section(part.title, table(part) + paragraphs(below));

const paragraphs = (lines: readonly string[]): string =>
  lines
    .filter((line) => line !== '')
    .map((line) => `<p>${escapeText(line)}</p>`)
    .join('\n');

function warnings({ warnings: found }: Plan): string {
  if (found.length === 0) return '';
  const items = found.map(
    ({ severity, message }) => `<li class="${severity}"><strong>${severity}</strong> ${escapeText(message)}</li>`,
  );
  return `<ul class="warnings">\n${items.join('\n')}\n</ul>`;
}

/** The roles stay where a narrow screen shows a row as a list. */
function table({ title, header, rows }: ReportTable): string {
  const names = header.map((cell) => capitalized(cell.trim()));
  const head = names.map((cell) => `<th role="columnheader" scope="col">${escapeText(cell)}</th>`).join('');
  const body = rows.map((row) => {
    const cells = row.map((cell, column) => {
      const text = escapeText(String(cell).trim());
      return `<td role="cell" data-label="${escapeText(names[column] ?? '')}">${text}</td>`;
    });
    return `<tr role="row">${cells.join('')}</tr>`;
  });
  return `<table role="table" aria-label="${escapeText(title)}">
<thead role="rowgroup"><tr role="row">${head}</tr></thead>
<tbody role="rowgroup">
${body.join('\n')}
</tbody>
</table>
`;
}

const capitalized = (text: string): string => text.slice(0, 1) + text.slice(1).toLowerCase();

function sizes(plan: Plan): string {
  const rows = sizesOf(plan).map(
    ([name = '', text = '']) => `${name === '' ? '' : `<dt>${escapeText(name)}</dt>`}<dd>${escapeText(text)}</dd>`,
  );
  return `<dl>\n${rows.join('\n')}\n</dl>\n`;
}
