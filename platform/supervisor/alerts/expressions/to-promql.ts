import type { Expression, Selector, Wanted } from './expression.ts';

/** The expression for Prometheus. */
export function toPromql(expression: Expression | number): string {
  if (typeof expression === 'number') return number(expression);
  switch (expression.kind) {
    case 'series':
      return selector(expression);
    case 'window': {
      const { function: name, of, seconds, aheadSeconds } = expression;
      const range = `${selector({ ...of, agoSeconds: 0 })}[${duration(seconds)}]${offset(of.agoSeconds)}`;
      return `${name}(${range}${aheadSeconds === undefined ? '' : `, ${aheadSeconds}`})`;
    }
    case 'aggregate': {
      const { function: name, of, by } = expression;
      return `${name}${by.length > 0 ? ` by (${by.join(', ')}) ` : ''}(${toPromql(of)})`;
    }
    case 'quantile':
      return `histogram_quantile(${expression.share}, ${toPromql(expression.of)})`;
    case 'arithmetic':
    case 'compare':
      return `${operand(expression.left)} ${expression.operator} ${operand(expression.right)}`;
    case 'at-least':
      return `clamp_min(${toPromql(expression.of)}, ${expression.least})`;
    case 'or-zero':
      return `(${toPromql(expression.of)} or vector(0))`;
    case 'since':
      return `time() - ${operand(expression.of)}`;
    case 'until':
      return `${operand(expression.of)} - time()`;
    case 'both':
      return `(${toPromql(expression.left)}) and on (${expression.on.join(', ')}) (${toPromql(expression.right)})`;
    case 'either':
      return `(${toPromql(expression.left)}) or (${toPromql(expression.right)})`;
    case 'absent':
      return `absent(${selector(expression.of)})`;
    case 'always':
      return 'vector(1)';
  }
}

function operand(expression: Expression | number): string {
  const text = toPromql(expression);
  const isWhole = typeof expression === 'number' || !['arithmetic', 'since', 'until'].includes(expression.kind);
  return isWhole ? text : `(${text})`;
}

/** The key of a selector as well. */
export function selector({ name, where, agoSeconds }: Selector): string {
  const matchers = Object.entries(where).flatMap(([label, wanted]) => matchersOf(label, wanted));
  return `${name}${matchers.length > 0 ? `{${matchers.join(', ')}}` : ''}${offset(agoSeconds)}`;
}

function matchersOf(label: string, wanted: Wanted): string[] {
  if (typeof wanted === 'string') return [`${label}=${JSON.stringify(wanted)}`];
  const { like, notLike } = wanted;
  return [
    ...(like === undefined ? [] : [`${label}=~${JSON.stringify(like)}`]),
    ...(notLike === undefined ? [] : [`${label}!~${JSON.stringify(notLike)}`]),
  ];
}

/** Without the last digits of a product such as 14.4 × 0.001. */
const number = (value: number): string => String(Number(value.toPrecision(12)));

const offset = (seconds: number): string => (seconds > 0 ? ` offset ${duration(seconds)}` : '');

const UNITS: readonly (readonly [seconds: number, name: string])[] = [
  [7 * 86_400, 'w'],
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'm'],
  [1, 's'],
];

/** `90` is `90s`, `300` is `5m`. */
export function duration(seconds: number): string {
  const [length, name] = UNITS.find(([unit]) => seconds % unit === 0 && seconds >= unit) ?? [1, 's'];
  return `${seconds / length}${name}`;
}
