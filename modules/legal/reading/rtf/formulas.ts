import type { FormulaNode } from '../markup/formula.ts';
import { mathText } from '../markup/office-math.ts';

/*
 * Formulas of Office in RTF: groups named as the elements of OMML are, with an "m" before it (`\mf`, `\mnum`, `\msSup`).
 * Properties have their value as text: `{\mtype noBar}`, `{\mchr \u8721?}`.
 */

interface Node extends FormulaNode {
  isProperty: boolean;
  value: string;
}

const root = /^(?:mmath|moMath(?:Para)?)$/;
const notNodes = /^m(?:scr|sty|nor|lit|aln|brk|mathPict)$/;

export interface RtfFormulas {
  isOpen(): boolean;
  /** Opens the part that a group's first word names. @returns false for a word that names none */
  enter(word: string): boolean;
  add(text: string): void;
  /** @returns the formula's text when all of it has ended */
  leave(): string | undefined;
}

export function createRtfFormulas(): RtfFormulas {
  const open: Node[] = [];
  return {
    isOpen: () => open.length > 0,
    enter(word) {
      const outer = open.at(-1);
      if (!outer ? !root.test(word) : !/^m[a-zA-Z]/.test(word) || notNodes.test(word)) return false;
      const node: Node = {
        name: root.test(word) ? 'm:oMath' : `m:${word.slice(1)}`,
        children: [],
        isProperty: outer?.isProperty === true || word.endsWith('Pr'),
        value: '',
        attribute: () => node.value.trim(),
      };
      outer?.children.push(node);
      open.push(node);
      return true;
    },
    add(text) {
      const node = open.at(-1);
      if (node?.isProperty) node.value += text;
      else node?.children.push(text);
    },
    leave() {
      const node = open.pop();
      return node && open.length === 0 ? mathText(node) : undefined;
    },
  };
}
