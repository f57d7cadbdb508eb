import { styleText } from 'node:util';
import type { Plan } from '../../planner/make-plan.ts';
import { table } from '../output.ts';
import { ownRemarks, ownStagesTable, stageRemarks, stagesTable } from './cost-tables.ts';
import {
  processLines,
  queuesTable,
  type ReportTable,
  sizesOf,
  unitsTable,
  whenOver,
  workTable,
} from './report-tables.ts';
import { rounded, share } from './words.ts';

const BAR_CELLS = 30;

/** A plan as a report for a terminal, 120 columns wide. */
export function renderPlan(plan: Plan): string {
  const parts = [hostLine(plan), warnings(plan), chart(plan), printed(workTable(plan)), printed(queuesTable(plan))];
  const sizes = sizesOf(plan).map(([name = '', text = '']) => `${name.padEnd(11)}  ${text}`);
  const costs = [printed(stagesTable(plan), stageRemarks(plan)), printed(ownStagesTable(plan), ownRemarks(plan))];
  return [...parts, printed(unitsTable(plan)), sizes.join('\n'), processLines(plan).join('\n'), ...costs]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** What the plan is for. */
export function hostLine({ host: { name, cores, memoryGb, diskGb } }: Plan): string {
  return `Plan for ${name}: ${rounded(cores)} cores, ${rounded(memoryGb)} GB of memory, ${rounded(diskGb)} GB of disk`;
}

const printed = (part: ReportTable | undefined, below: readonly string[] = []): string =>
  part === undefined ? '' : [table(part.header, part.rows), ...below].join('\n');

const tones = { error: 'red', warning: 'yellow', note: 'dim' } as const;

const warnings = ({ warnings: found }: Plan): string =>
  found.map(({ severity, message }) => `${styleText(tones[severity], severity)}: ${message}`).join('\n');

export const chartTitle = ({ growthPerMonth }: Plan): string =>
  `What runs out, first to last, at ${share(growthPerMonth)} more load each month`;

/** How full each resource is, the one that runs out first above the others. */
function chart(plan: Plan): string {
  const { runsOut } = plan;
  const width = Math.max(...runsOut.map(({ resource }) => resource.length));
  const rows = runsOut.map((use) => `${use.resource.padEnd(width)}  ${bar(use.share)}  ${whenOver(use)}`);
  return [styleText('bold', chartTitle(plan)), ...rows].join('\n');
}

function bar(used: number): string {
  const filled = Math.min(BAR_CELLS, Math.ceil(used * BAR_CELLS));
  return `${'█'.repeat(filled)}${'░'.repeat(BAR_CELLS - filled)} ${`${Math.round(Math.min(used, 9.99) * 100)} %`.padStart(5)}`;
}
