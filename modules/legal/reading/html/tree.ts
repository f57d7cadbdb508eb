import type { AnyNode, Element, ParentNode } from 'domhandler';

export const isTag = (node: AnyNode): node is Element =>
  node.type === 'tag' || node.type === 'script' || node.type === 'style';

/** All text in an element, as it is written. */
export function textContent(node: ParentNode): string {
  return node.children
    .map((child) => (child.type === 'text' ? child.data : 'children' in child ? textContent(child) : ''))
    .join('');
}

/** The first elements of a name, in document order. */
export function findAll(node: ParentNode, name: string, most = 100): Element[] {
  const found: Element[] = [];
  const visit = (each: ParentNode) => {
    for (const child of each.children) {
      if (found.length >= most) return;
      if (!isTag(child)) continue;
      if (child.name === name) found.push(child);
      visit(child);
    }
  };
  visit(node);
  return found;
}
