import type { Element } from 'domhandler';

/*
 * As much of CSS as says what of a page a reader sees: rules of `<style>` with selectors of names, classes, ids and
 * attributes below one another, and inline styles. Nothing is fetched.
 */

export type Style = Record<string, string>;

interface Compound {
  tag: string;
  classes: string[];
  id: string;
  attributes: { name: string; value: string | undefined }[];
}

interface Rule {
  /** From the outside inwards; the last one is the element's own. */
  compounds: Compound[];
  weight: number;
  style: Style;
  important: Style;
}

const known =
  /^(?:display|visibility|opacity|position|left|top|text-indent|clip|width|height|overflow|font-size|font-family|font-weight|color|background|background-color|background-image|vertical-align|white-space|content-visibility|mso-hide|mso-text-raise)$/;
const mostRules = 2000;
const mostAncestors = 100;

/** Declarations that are known here; those marked important apart. */
export function readDeclarations(css: string): { style: Style; important: Style } {
  const style: Style = {};
  const important: Style = {};
  for (const declaration of css.slice(0, 10_000).split(';')) {
    const colon = declaration.indexOf(':');
    const name = declaration.slice(0, Math.max(0, colon)).trim().toLowerCase();
    if (!known.test(name)) continue;
    const value = declaration
      .slice(colon + 1)
      .trim()
      .toLowerCase();
    if (value.endsWith('!important')) important[name] = value.slice(0, -10).trim();
    else style[name] = value;
  }
  return { style, important };
}

export interface StyleSheet {
  /** Some rule that is not understood paints a ground. */
  hasUnknownGrounds: boolean;
  /** What the rules and the element's own `style` say of it. */
  styleOf(element: Element): Style;
}

export function createStyleSheet(sources: readonly string[]): StyleSheet {
  const read = sources.map(readRules);
  const rules = read.flatMap((each) => each.rules).slice(0, mostRules);
  const byKey = new Map<string, Rule[]>();
  for (const rule of rules) {
    const key = keyOf(rule.compounds.at(-1));
    byKey.set(key, [...(byKey.get(key) ?? []), rule]);
  }
  return {
    hasUnknownGrounds: read.some((each) => each.hasUnknownGrounds),
    styleOf(element) {
      const { id = '', class: classes = '', style } = element.attribs;
      const own = style === undefined ? undefined : readDeclarations(style);
      if (byKey.size === 0) return own ? { ...own.style, ...own.important } : {};
      const names = classes.split(/\s+/, 50).map((name) => `.${name}`);
      const matching = [`#${id}`, ...names, element.name, '*']
        .flatMap((key) => byKey.get(key) ?? [])
        .filter((rule) => matches(element, rule.compounds))
        .sort((a, b) => a.weight - b.weight);
      const styles = [...matching.map((rule) => rule.style), own?.style, ...matching.map((rule) => rule.important)];
      return Object.assign({}, ...styles, own?.important);
    },
  };
}

const keyOf = (compound: Compound | undefined) =>
  compound?.id ? `#${compound.id}` : compound?.classes[0] ? `.${compound.classes[0]}` : compound?.tag || '*';

function matches(element: Element, compounds: readonly Compound[]): boolean {
  let wanted = compounds.length - 1;
  if (!fits(element, compounds[wanted])) return false;
  wanted -= 1;
  let above = element.parent;
  for (let step = 0; wanted >= 0 && above && step < mostAncestors; step += 1) {
    if ('name' in above && fits(above as Element, compounds[wanted])) wanted -= 1;
    above = above.parent;
  }
  return wanted < 0;
}

function fits({ name, attribs }: Element, compound: Compound | undefined): boolean {
  if (!compound || (compound.tag !== '' && compound.tag !== '*' && compound.tag !== name)) return false;
  if (compound.id !== '' && compound.id !== attribs.id) return false;
  if (compound.classes.length > 0) {
    const own = (attribs.class ?? '').split(/\s+/, 50);
    if (!compound.classes.every((each) => own.includes(each))) return false;
  }
  return compound.attributes.every(({ name: attribute, value }) =>
    value === undefined ? attribs[attribute] !== undefined : attribs[attribute] === value,
  );
}

function readRules(source: string): { rules: Rule[]; hasUnknownGrounds: boolean } {
  const css = source.replaceAll(/\/\*[\s\S]*?(?:\*\/|$)|<!--|-->/g, '');
  const rules: Rule[] = [];
  let hasUnknownGrounds = /@import/i.test(css);
  for (let at = 0; at < css.length && rules.length < mostRules; ) {
    const open = css.indexOf('{', at);
    if (open === -1) break;
    const prelude = css
      .slice(at, open)
      .replace(/^[\s}]+/, '')
      .trim();
    if (/^@(?:media|supports|layer)/i.test(prelude) && !/\bprint\b/i.test(prelude)) {
      at = open + 1;
      continue;
    }
    const close = prelude.startsWith('@') ? blockEnd(css, open) : css.indexOf('}', open);
    const end = close === -1 ? css.length : close;
    if (!prelude.startsWith('@')) {
      const { style, important } = readDeclarations(css.slice(open + 1, end));
      if (Object.keys(style).length + Object.keys(important).length > 0) {
        for (const selector of prelude.slice(0, 10_000).split(',')) {
          const compounds = readSelector(selector);
          if (compounds) rules.push({ compounds, weight: weightOf(compounds), style, important });
          else hasUnknownGrounds ||= paints({ ...style, ...important });
        }
      }
    }
    at = end + 1;
  }
  return { rules, hasUnknownGrounds };
}

/** Whether a style has a ground. */
export const paints = (style: Style): boolean =>
  style.background !== undefined || style['background-color'] !== undefined || style['background-image'] !== undefined;

function blockEnd(css: string, open: number): number {
  let depth = 0;
  for (let at = open; at < css.length; at += 1) {
    const sign = css.charAt(at);
    if (sign === '{') depth += 1;
    if (sign === '}') depth -= 1;
    if (depth === 0) return at;
  }
  return css.length;
}

/** Undefined for selectors of other kinds: states, neighbours, parts of elements. */
function readSelector(selector: string): Compound[] | undefined {
  const compounds = selector
    .trim()
    .replaceAll(/\s*>\s*/g, ' ')
    .split(/\s+/)
    .map(readCompound);
  return compounds.length > 0 && compounds.length <= 10 && compounds.every((each) => each !== undefined)
    ? compounds
    : undefined;
}

function readCompound(text: string): Compound | undefined {
  const parts =
    /^([a-z][\w:\\-]{0,40}|\*)?((?:[.#][\w\u0080-\uffff-]{1,100}|\[[\w-]{1,40}(?:="?[^"\]]{0,100}"?)?\]){0,9})$/i.exec(
      text,
    );
  if (!parts || text === '') return undefined;
  const rest = parts[2] ?? '';
  return {
    tag: (parts[1] ?? '').toLowerCase(),
    id: /#([^.#[]+)/.exec(rest)?.[1] ?? '',
    classes: Array.from(rest.replaceAll(/\[[^\]]*\]/g, '').matchAll(/\.([^.#[]+)/g), (match) => match[1] ?? ''),
    attributes: Array.from(rest.matchAll(/\[([\w-]+)(?:="?([^"\]]*)"?)?\]/g), ([, name = '', value]) => ({
      name: name.toLowerCase(),
      value,
    })),
  };
}

const weightOf = (compounds: readonly Compound[]) =>
  compounds.reduce(
    (sum, { id, classes, attributes, tag }) =>
      sum + (id === '' ? 0 : 10_000) + 100 * (classes.length + attributes.length) + (tag === '' || tag === '*' ? 0 : 1),
    0,
  );
