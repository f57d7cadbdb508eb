import type { Element } from 'domhandler';
import { isTag, textContent } from './tree.ts';

const noValue = new Set(['hidden', 'submit', 'button', 'reset', 'image', 'file', 'password']);

/** What a form's field shows as filled in; undefined for elements that are none. */
export function formValue(element: Element): string | undefined {
  const { name, attribs } = element;
  if (name === 'textarea') return textContent(element).trim();
  if (name === 'select') {
    const options = optionsOf(element);
    const chosen = options.filter((option) => option.attribs.selected !== undefined);
    // A list of one line shows its first entry; what a longer one has not chosen is no value.
    const isLine = attribs.multiple === undefined && !(Number(attribs.size) > 1);
    return (chosen.length === 0 && isLine ? options.slice(0, 1) : chosen)
      .map((option) => (textContent(option).trim() || option.attribs.label) ?? '')
      .join(', ');
  }
  if (name !== 'input') return undefined;
  const type = (attribs.type ?? 'text').toLowerCase();
  if (type === 'checkbox' || type === 'radio') return attribs.checked === undefined ? '☐' : '☒';
  return noValue.has(type) ? '' : (attribs.value ?? '').trim();
}

const optionsOf = (element: Element): Element[] =>
  element.children
    .filter(isTag)
    .flatMap((child) => (child.name === 'option' ? [child] : child.name === 'optgroup' ? optionsOf(child) : []));
