import type { Plan } from '../../../planner/make-plan.ts';
import type { RunsOut } from '../../../planner/runs-out.ts';
import { whenOver } from '../report-tables.ts';
import { money, share } from '../words.ts';
import { escapeText } from './escape-text.ts';

/** Bars as SVG, their words as text next to them, so that a narrow screen makes the bars shorter and not the words smaller. */

const WIDTH = 100;
const HEIGHT = 6;
/** A bar ends at twice of what there is. */
const MOST_SHARE = 2;
const DECIMALS = 2;

/** How full each resource is, against the line at which it is used up. */
export function useChart(runsOut: readonly RunsOut[]): string {
  const rows = runsOut.map((use) => {
    const length = (Math.min(use.share, MOST_SHARE) / MOST_SHARE) * WIDTH;
    const bars = [bar('track', 0, WIDTH / MOST_SHARE), bar(use.share > 1 ? 'over' : 'used', 0, length)];
    const limit = `<line class="limit" x1="${WIDTH / MOST_SHARE}" x2="${WIDTH / MOST_SHARE}" y1="0" y2="${HEIGHT}"/>`;
    return row(use.resource, share(use.share), [...bars, limit].join(''), whenOver(use));
  });
  return figure(rows, 'The line is where a resource is used up, with the room that it needs.');
}

/** What each stage costs a month: machines, then what models and storage take. Empty without prices. */
export function costChart({ stages, currency }: Plan): string {
  const costs = stages.flatMap(({ name, cost, isChosen }) => (cost === null ? [] : [{ name, cost, isChosen }]));
  const most = Math.max(...costs.map(({ cost }) => cost.total));
  if (costs.length === 0 || most <= 0) return '';
  const rows = costs.map(({ name, cost, isChosen }) => {
    const [fixed, total] = [(cost.fixed / most) * WIDTH, (cost.total / most) * WIDTH];
    const words = `${money(cost.fixed, currency)} for machines, ${money(cost.variable, currency)} for models and storage`;
    const bars = bar('used', 0, fixed) + bar('variable', fixed, total - fixed);
    return row(isChosen ? `→ ${name}` : name, money(cost.total, currency), bars, words);
  });
  return figure(rows, 'What a month costs. The arrow is at the first stage that suffices.');
}

const bar = (kind: string, from: number, length: number): string =>
  `<rect class="${kind}" x="${from.toFixed(DECIMALS)}" y="0" width="${length.toFixed(DECIMALS)}" height="${HEIGHT}"/>`;

function row(name: string, value: string, bars: string, words: string): string {
  const label = escapeText(`${name}: ${value}. ${words}`);
  return `<div class="bar">
<div class="names"><span>${escapeText(name)}</span><span>${escapeText(value)}</span></div>
<svg role="img" aria-label="${label}" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none">${bars}</svg>
<div class="words">${escapeText(words)}</div>
</div>`;
}

const figure = (rows: readonly string[], caption: string): string =>
  `<figure>\n${rows.join('\n')}\n<figcaption>${escapeText(caption)}</figcaption>\n</figure>\n`;
