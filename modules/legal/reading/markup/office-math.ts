import { type FormulaNode, fraction, joinFormula, matrix, root, script } from './formula.ts';

/** A formula of Office (ECMA-376 part 1, 22.1) as one line. */
export function mathText(node: FormulaNode): string {
  const elements = node.children.filter((child): child is FormulaNode => typeof child !== 'string');
  const named = (name: string) => elements.find((child) => child.name === name);
  const part = (name: string) => {
    const found = named(name);
    return found ? mathText(found) : '';
  };
  const property = (of: string, name: string) => {
    const found = named(of)?.children.find((child) => typeof child !== 'string' && child.name === name);
    return typeof found === 'object' ? (found.attribute('m:val') ?? '') : undefined;
  };
  switch (node.name) {
    case 'm:f':
      return property('m:fPr', 'm:type') === 'noBar'
        ? `(${part('m:num')}; ${part('m:den')})`
        : fraction(part('m:num'), part('m:den'));
    case 'm:sSup':
      return script(part('m:e'), part('m:sup'), 'super');
    case 'm:sSub':
      return script(part('m:e'), part('m:sub'), 'sub');
    case 'm:sSubSup':
      return script(script(part('m:e'), part('m:sub'), 'sub'), part('m:sup'), 'super');
    case 'm:sPre':
      return `${script(script('', part('m:sub'), 'sub'), part('m:sup'), 'super')}${part('m:e')}`;
    case 'm:rad':
      return root(part('m:e'), part('m:deg'));
    case 'm:d': {
      const separator = property('m:dPr', 'm:sepChr') ?? '|';
      const inner = elements.filter(({ name }) => name === 'm:e').map(mathText);
      return `${property('m:dPr', 'm:begChr') ?? '('}${inner.join(`${separator} `)}${property('m:dPr', 'm:endChr') ?? ')'}`;
    }
    case 'm:nary': {
      const sign = script(property('m:naryPr', 'm:chr') ?? '∫', part('m:sub'), 'sub').replace(/^\((.)\)/u, '$1');
      const upper = part('m:sup');
      return `${upper === '' ? sign : sign + script('', upper, 'super')} ${part('m:e')}`;
    }
    case 'm:m':
      return matrix(
        elements
          .filter(({ name }) => name === 'm:mr')
          .map((row) => row.children.flatMap((cell) => (typeof cell === 'string' ? [] : [mathText(cell)]))),
      );
    case 'm:eqArr':
      return elements
        .filter(({ name }) => name === 'm:e')
        .map(mathText)
        .join('; ');
    case 'm:func':
      return `${part('m:fName')} ${part('m:e')}`;
    case 'm:limLow':
      return script(part('m:e'), part('m:lim'), 'sub');
    case 'm:limUpp':
      return script(part('m:e'), part('m:lim'), 'super');
    case 'm:phant':
      return ['0', 'off', 'false'].includes(property('m:phantPr', 'm:show') ?? '1') ? '' : part('m:e');
    default:
      return joinFormula(
        node.children.map((child) =>
          typeof child === 'string'
            ? { text: child, isFraction: false }
            : { text: mathText(child), isFraction: child.name === 'm:f' },
        ),
      );
  }
}
