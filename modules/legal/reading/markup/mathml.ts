import { type FormulaNode, fraction, joinFormula, matrix, root, script } from './formula.ts';

/** A MathML tree (names without prefix) as one line. */
export function mathmlText(node: FormulaNode): string {
  const elements = node.children.filter((child): child is FormulaNode => typeof child !== 'string');
  const part = (index: number) => (elements[index] ? mathmlText(elements[index]) : '');
  switch (node.name) {
    case 'mfrac':
      return node.attribute('linethickness') === '0' ? `(${part(0)}; ${part(1)})` : fraction(part(0), part(1));
    case 'msup':
    case 'mover':
      return node.name === 'mover' && node.attribute('accent') === 'true'
        ? part(0) + part(1)
        : script(part(0), part(1), 'super');
    case 'msub':
    case 'munder':
      return script(part(0), part(1), 'sub');
    case 'msubsup':
    case 'munderover':
      return script(script(part(0), part(1), 'sub'), part(2), 'super');
    case 'msqrt':
      return root(inRow(node));
    case 'mroot':
      return root(part(0), part(1));
    case 'mfenced': {
      const separator = node.attribute('separators')?.trim().charAt(0) ?? ',';
      const inner = elements.map(mathmlText).join(`${separator} `);
      return (node.attribute('open') ?? '(') + inner + (node.attribute('close') ?? ')');
    }
    case 'mtable':
      return matrix(
        elements.map((row) => row.children.flatMap((cell) => (typeof cell === 'string' ? [] : [mathmlText(cell)]))),
      );
    case 'semantics':
      return part(0);
    case 'mo': {
      const text = inRow(node).trim();
      return /^[=<>≤≥≠≈±×⋅·÷+−]$/.test(text) ? ` ${text} ` : text;
    }
    case 'mspace':
      return ' ';
    case 'mphantom':
    case 'annotation':
    case 'annotation-xml':
    case 'none':
    case 'mprescripts':
      return '';
    default:
      return inRow(node);
  }
}

function inRow({ children }: FormulaNode): string {
  return joinFormula(
    children
      .filter((child) => typeof child !== 'string' || child.trim() !== '')
      .map((child) =>
        typeof child === 'string'
          ? { text: child.trim(), isFraction: false }
          : { text: mathmlText(child), isFraction: child.name === 'mfrac' },
      ),
  );
}
