import type { XmlElement } from '../markup/xml-events.ts';

/** What fields of forms show, by the id under which the text places them. */
export function createFormValues(): {
  open(element: XmlElement): void;
  close(name: string): void;
  valueOf(control: string): string | undefined;
} {
  const values = new Map<string, string>();
  let list: { id: string; chosen: string[] } | undefined;
  return {
    open({ name, attribute }) {
      const id = attribute('xml:id') ?? attribute('form:id') ?? attribute('id') ?? '';
      const isChecked = attribute('form:current-state') ?? attribute('form:state');
      switch (name) {
        case 'form:checkbox':
          values.set(id, isChecked === 'checked' ? '☒' : '☐');
          break;
        case 'form:radio':
          values.set(id, (attribute('form:current-selected') ?? attribute('form:selected')) === 'true' ? '☒' : '☐');
          break;
        case 'form:listbox':
          list = { id, chosen: [] };
          break;
        case 'form:option':
          if ((attribute('form:current-selected') ?? attribute('form:selected')) === 'true') {
            list?.chosen.push(attribute('form:label') ?? attribute('form:value') ?? '');
          }
          break;
        case 'form:text':
        case 'form:textarea':
        case 'form:formatted-text':
        case 'form:combobox':
        case 'form:number':
        case 'form:date':
        case 'form:time':
          values.set(id, attribute('form:current-value') ?? attribute('form:value') ?? '');
      }
    },
    close(name) {
      if (name !== 'form:listbox' || !list) return;
      values.set(list.id, list.chosen.join(', '));
      list = undefined;
    },
    valueOf: (control) => values.get(control),
  };
}
