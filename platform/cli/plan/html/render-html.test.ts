import { describe, expect, it } from 'vitest';
import { readInput } from '../../../planner/input/read-input.ts';
import { makePlan, type Plan } from '../../../planner/make-plan.ts';
import { workedUnits } from '../../../planner/units.fixture.ts';
import { renderHtml } from './render-html.ts';

const made = { at: new Date('2026-03-01T12:00:00Z'), version: '1.2.3' };
const page = (input: object): string => renderHtml(planOf(input), made);
const planOf = (input: object): Plan => makePlan(readInput(input), workedUnits);
const HOSTILE = `A"><img src=x onerror='b()'>&amp;`;
const full = {
  ...{ users: 300, questions: { perUserPerDay: 2, slots: 1 }, images: { perHour: 300, slots: 12, atOnce: 100 } },
  host: { cores: 3, memoryGb: 3, diskGb: 40, swapGb: 0 },
  processes: [{ name: HOSTILE, count: 2, memoryMegabytes: 250, maxJobs: 15 }],
  prices: { currency: '1<b>', core: 700, memoryGb: 250, millionTokensIn: 100, millionTokensOut: 100 },
  pack: { price: 100, units: 50, freeUnits: 20, conversion: 0.05 },
  stages: [{ name: HOSTILE, users: 300, perUserPerDay: 3, machines: [{ name: HOSTILE, price: 1_500 }], slots: 1 }],
};

describe('a plan as a page', () => {
  it('needs nothing else, has no script, and says so to the browser', () => {
    const text = page(full);
    expect(text).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(text).not.toMatch(/url\(|@import|https?:/i);
    const tags = [...text.matchAll(/<(\w+)((?:\s[\w-]+="[^"]*")*)>/g)];
    expect(new Set(tags.map(([, name]) => name)).isSubsetOf(new Set(ELEMENTS))).toBe(true);
    const attributes = tags.flatMap(([, , all = '']) =>
      [...all.matchAll(/\s([\w-]+)="[^"]*"/g)].map(([, name]) => name),
    );
    expect(attributes.filter((name) => /^(?:on|src|href|style)/.test(name ?? ''))).toEqual([]);
    expect(text).toContain('<h1>Plan for your host: 3 cores, 3 GB of memory, 40 GB of disk</h1>');
    expect(text).toContain('Made on 2026-03-01 by pandect plan 1.2.3');
  });

  it('shows names of the operator as they are typed, and closes what it opens', () => {
    const text = page(full);
    expect(text).toContain('A&quot;&gt;&lt;img src=x onerror=&#39;b()&#39;&gt;&amp;amp;');
    expect(text).toContain('1&lt;b&gt;');
    expect(unclosed(text)).toEqual([]);
    expect(unclosed(page({}))).toEqual([]);
    expect(unclosed('<main><p>a</main>')).not.toEqual([]);
  });

  it('draws how full each resource is, and what each stage costs', () => {
    const plan = planOf(full);
    const text = renderHtml(plan, made);
    expect(text.match(/<svg role="img"/g)).toHaveLength(plan.runsOut.length + plan.stages.length);
    const [first] = plan.runsOut;
    // A bar that is full ends in the middle, at the line.
    const width = (Math.min(first?.share ?? 0, 2) * 50).toFixed(2);
    expect(text).toContain(`<rect class="over" x="0.00" y="0" width="${width}"`);
    const months = plan.stages.map(({ cost }) => cost?.total ?? 0);
    expect(text).toContain(`${((plan.stages[0]?.cost?.fixed ?? 0) * (100 / Math.max(...months))).toFixed(2)}" height`);
    const numbers = [...text.matchAll(/\s(?:x|width)="([^"]*)"/g)].map(([, value]) => Number(value));
    expect(numbers.every((value) => value >= 0 && value <= 100)).toBe(true);
  });

  it('has all that the report for a terminal has, and no chart of costs without prices', () => {
    const text = page(full);
    for (const title of ['Work', 'Queues', 'Processes', 'Sizes', 'Stages', 'Your stages']) {
      expect(text).toContain(`<h2>${title}</h2>`);
    }
    expect(text).toContain('<li class="warning"><strong>warning</strong>');
    expect(text).toContain('packs a month pay for');
    const bare = page({});
    expect(bare).toContain('Costs need prices: see --prices.');
    expect(bare).not.toContain('for machines');
    expect(bare).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('is light or dark by the reader’s system, and lists cells with their names on a phone', () => {
    const text = page(full);
    expect(text).toContain('color-scheme: light dark');
    expect(text).toContain('@media (prefers-color-scheme: dark)');
    expect(text).toContain('name="viewport" content="width=device-width, initial-scale=1"');
    expect(text).toContain('<td role="cell" data-label="Busiest hour">');
  });
});

const ELEMENTS = [
  ...[
    'html',
    'head',
    'meta',
    'title',
    'style',
    'body',
    'main',
    'section',
    'h1',
    'h2',
    'p',
    'ul',
    'li',
    'strong',
    'figure',
  ],
  ...[
    'figcaption',
    'div',
    'span',
    'svg',
    'rect',
    'line',
    'table',
    'thead',
    'tbody',
    'tr',
    'th',
    'td',
    'dl',
    'dt',
    'dd',
  ],
];
const VOID = ['meta', 'rect', 'line'];

/** Elements that are closed in another order than they were opened in, or never. */
function unclosed(text: string): string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  for (const [, slash, name = ''] of text
    .replace(/<style>.*<\/style>/s, '')
    .matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^>]*>/g)) {
    if (VOID.includes(name)) continue;
    if (slash === '') open.push(name);
    else if (open.pop() !== name) wrong.push(name);
  }
  return [...wrong, ...open];
}
