import { readFile, stat } from 'node:fs/promises';
import { isMap, isScalar, LineCounter, type Pair, parseDocument, type YAMLMap } from 'yaml';
import { didYouMean } from '../../../kernel/nearest.ts';
import { type AlertRule, type Severity, severities, type ValueUnit } from './rule.ts';

/** The rules as the operator's file changes them. */
export interface ReadRules {
  rules: AlertRule[];
  /** A line for each, such as `alerts.yml:3: "Memry": no such rule`. With one of them, the file changes nothing. */
  mistakes: string[];
}

/** Reads a file of this form: `rules: { Memory: { threshold: 90%, for: 5m, severity: warning }, Swap: off }`. */
export function readRules(text: string, path: string, table: readonly AlertRule[]): ReadRules {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const at = (offset: number | undefined) => `${path}:${offset === undefined ? 1 : lines.linePos(offset).line}`;
  const mistakes = document.errors.map(({ pos, message }) => `${at(pos[0])}: ${message.split(/ at line|\n/)[0]}`);
  if (mistakes.length > 0) return { rules: [...table], mistakes };
  const complain = (node: unknown, message: string) => {
    mistakes.push(`${at((node as { range?: [number] } | null)?.range?.[0])}: ${message}`);
  };
  const rules = new Map(table.map((rule) => [rule.name, rule]));
  const change = ({ key, value }: Pair) => {
    const name = String(isScalar(key) ? key.value : key);
    const rule = rules.get(name);
    if (!rule) return complain(key, `"${name}": no such rule${didYouMean(name, [...rules.keys()])}`);
    if (isScalar(value) && (value.value === 'off' || value.value === false)) return void rules.delete(name);
    if (!isMap(value)) return complain(key, `"${name}": must be off, or a threshold, a time for, or a severity`);
    rules.set(name, changed(rule, value, complain));
  };
  const { contents } = document;
  if (contents !== null && !(isScalar(contents) && contents.value === null)) {
    const entries = isMap(contents) ? contents.items : [];
    const [only] = entries;
    const isRules = entries.length === 1 && isScalar(only?.key) && only.key.value === 'rules';
    if (!isRules || !isMap(only?.value))
      complain(contents, 'must hold "rules:" and nothing else, with rules by their names');
    else for (const pair of only.value.items) change(pair);
  }
  return { rules: mistakes.length > 0 ? [...table] : [...rules.values()], mistakes };
}

function changed(rule: AlertRule, changes: YAMLMap, complain: (node: unknown, message: string) => void): AlertRule {
  const next = { ...rule };
  for (const { key, value } of changes.items) {
    const what = isScalar(key) ? key.value : undefined;
    const written = isScalar(value) ? value.value : undefined;
    const wrong = (expected: string) =>
      complain(key, `${what} of "${rule.name}": "${written ?? ''}": must be ${expected}`);
    if (what === 'threshold') {
      if (rule.threshold === undefined) complain(key, `threshold of "${rule.name}": the rule has none`);
      else next.threshold = readValue(written, rule.unit) ?? wrong(FORMS[rule.unit]) ?? rule.threshold;
    } else if (what === 'for') {
      next.forSeconds = readSeconds(written) ?? wrong('a time such as 90s, 5m or 1h') ?? rule.forSeconds;
    } else if (what === 'severity') {
      const isKnown = severities.includes(written as Severity);
      if (isKnown) next.severity = written as Severity;
      else wrong(`one of ${severities.join(', ')}`);
    } else complain(key, `"${what}" of "${rule.name}": known are threshold, for, severity`);
  }
  return next;
}

const FORMS: Readonly<Record<ValueUnit, string>> = {
  share: 'a share such as 90% or 0.9',
  seconds: 'a time such as 90s, 26h or 8d',
  count: 'a number',
  rate: 'a number a second',
  none: 'nothing',
};

function readValue(written: unknown, unit: ValueUnit): number | undefined {
  if (unit === 'seconds') return readSeconds(written);
  const [, digits, isPercent] = /^(\d+(?:\.\d+)?)\s*(%)?$/.exec(String(written)) ?? [];
  if (digits === undefined || (isPercent && unit !== 'share')) return undefined;
  const value = Number(digits) / (isPercent ? 100 : 1);
  return unit === 'share' && value > 1 ? undefined : value;
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 7 * 86_400 };

/** `90`, `90s`, `5m`, `1h`, `8d` in seconds; undefined for anything else. */
export function readSeconds(written: unknown): number | undefined {
  const [, digits, unit = 's'] = /^(\d+(?:\.\d+)?)([smhdw])?$/.exec(String(written)) ?? [];
  return digits === undefined ? undefined : Number(digits) * (UNITS[unit] as number);
}

export interface RuleFile {
  readonly rules: readonly AlertRule[];
  readonly mistakes: readonly string[];
  /** Reads the file again when it has changed. One with mistakes leaves the rules as they were. */
  look(path: string | undefined): Promise<void>;
}

export function openRuleFile(table: readonly AlertRule[], onMistakes: (mistakes: readonly string[]) => void): RuleFile {
  let rules = table;
  let mistakes: readonly string[] = [];
  let seen: string | undefined;
  return {
    get rules() {
      return rules;
    },
    get mistakes() {
      return mistakes;
    },
    async look(path) {
      if (path === undefined) {
        [rules, mistakes, seen] = [table, [], undefined];
        return;
      }
      const found = await stat(path).catch(() => undefined);
      const mark = `${path} ${found?.mtimeMs} ${found?.size} ${found?.ino}`;
      if (mark === seen) return;
      seen = mark;
      const text = await readFile(path, 'utf8').catch(() => undefined);
      const read =
        text === undefined ? { rules: [], mistakes: [`${path}: cannot be read`] } : readRules(text, path, table);
      mistakes = read.mistakes;
      if (mistakes.length === 0) rules = read.rules;
      else onMistakes(mistakes);
    },
  };
}
