import type { Dashboard, Panel } from './panel.ts';

/** Version of Grafana's schema that is written, which later ones take over by themselves. */
const SCHEMA_VERSION = 39;
const COLUMNS = 24;
const SOURCE = { type: 'prometheus', uid: 'pandect' };

const forms = {
  line: { type: 'timeseries', width: 12, height: 8 },
  number: { type: 'stat', width: 6, height: 5 },
  bars: { type: 'bargauge', width: 12, height: 8 },
} as const;

/** A dashboard as Grafana reads it from a file. */
export function writeDashboard({ name, title, about, panels }: Dashboard): string {
  const model = {
    ...{ uid: `pandect-${name}`, title, description: about, tags: ['pandect'], schemaVersion: SCHEMA_VERSION },
    ...{ editable: false, refresh: '30s', time: { from: 'now-6h', to: 'now' }, timezone: '' },
    templating: { list: [] },
    annotations: { list: [deploys] },
    links: [{ type: 'dashboards', tags: ['pandect'], title: 'Pandect', asDropdown: true, keepTime: true }],
    panels: placed(panels).map(writePanel),
  };
  return `${JSON.stringify(model, null, 2)}\n`;
}

/** Marks deploys in every panel. */
const deploys = {
  ...{ name: 'Deploys', datasource: SOURCE, enable: true, iconColor: 'blue' },
  ...{ expr: 'sum by (unit, outcome) (increase(pandect_deploys_total[1m])) > 0', step: '30s' },
  ...{ titleFormat: '{{unit}}', textFormat: '{{outcome}}' },
};
export const annotationExpressions: readonly string[] = [deploys.expr];

interface Place {
  x: number;
  y: number;
  w: number;
  h: number;
}

/** Puts panels into rows from the left, a row being as high as its highest panel. */
function placed(panels: readonly Panel[]): { panel: Panel; place: Place }[] {
  let [x, y, row] = [0, 0, 0];
  return panels.map((panel) => {
    const { width, height } = forms[panel.kind];
    if (x + width > COLUMNS) [x, y, row] = [0, y + row, 0];
    const place = { x, y, w: width, h: height };
    x += width;
    row = Math.max(row, height);
    return { panel, place };
  });
}

function writePanel({ panel, place }: { panel: Panel; place: Place }, index: number): object {
  const { title, kind, unit, queries, about, limits, max } = panel;
  return {
    ...{ id: index + 1, type: forms[kind].type, title, datasource: SOURCE, gridPos: place },
    ...(about !== undefined && { description: about }),
    targets: queries.map(([expr, legendFormat], at) => ({
      ...{ refId: String.fromCharCode('A'.charCodeAt(0) + at), datasource: SOURCE, expr, legendFormat },
      ...(kind !== 'line' && { instant: true, range: false }),
    })),
    fieldConfig: {
      defaults: {
        ...{ unit, min: 0, ...(max !== undefined && { max }) },
        color: { mode: limits && kind !== 'line' ? 'thresholds' : 'palette-classic' },
        thresholds: { mode: 'absolute', steps: limits ? stepsOf(limits) : [{ color: 'green', value: null }] },
        ...(kind === 'line' && {
          custom: { lineWidth: 1, fillOpacity: 10, thresholdsStyle: { mode: limits ? 'dashed' : 'off' } },
        }),
      },
      overrides: [],
    },
    options: optionsOf[kind],
  };
}

/** Colours from the lowest value up. */
function stepsOf([warning, critical]: readonly [number, number]): object[] {
  return warning <= critical
    ? [
        { color: 'green', value: null },
        { color: 'yellow', value: warning },
        { color: 'red', value: critical },
      ]
    : [
        { color: 'red', value: null },
        { color: 'yellow', value: critical },
        { color: 'green', value: warning },
      ];
}

const reduceOptions = { calcs: ['lastNotNull'], fields: '', values: false };
const optionsOf = {
  line: { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi', sort: 'desc' } },
  number: { reduceOptions, colorMode: 'value', graphMode: 'area' },
  bars: { reduceOptions, orientation: 'horizontal', displayMode: 'gradient' },
} as const;
