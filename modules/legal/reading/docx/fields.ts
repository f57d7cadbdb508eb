import { fieldValue, unreadField } from '../markup/field-value.ts';
import type { XmlElement } from '../markup/xml-events.ts';
import { isOn } from './numbering.ts';

/*
 * Fields between their marks (ECMA-376 part 1, 17.16): instructions do not show, results do. Form fields keep their state
 * in their own data, and fields of a few kinds have no result, as Word works it out each time it shows them.
 */

interface Field {
  part: 'instructions' | 'result';
  code: string;
  /** What shows instead of a result. */
  shows: string | undefined;
  /** A result was shown. */
  hasResult: boolean;
}

interface FormField {
  checked?: boolean;
  entries?: string[];
  chosen?: number;
  text?: string;
}

/** Those whose instructions may go on over paragraphs; others that do are broken. */
const longInstructions = /^\s*(?:IF|COMPARE|QUOTE|SET|ASK|FILLIN|INCLUDE|=)/i;

export interface Fields {
  mark(type: string | undefined): void;
  /** An element inside a field's mark. */
  formProperty(element: XmlElement): void;
  endMark(): void;
  /** What the open field shows instead of a result, for formats that say it at once. */
  showValue(text: string): void;
  instructions(text: string): void;
  /** Whether text does not show here. Text that does counts as a result. */
  hides(): boolean;
  shown(): void;
  endParagraph(): void;
}

/** @param show gets what a field shows without having it as its result; @param unread the name of one that is not known */
export function createFields(show: (text: string) => void, unread: (what: string) => void): Fields {
  const open: Field[] = [];
  let form: FormField | undefined;

  const end = () => {
    const field = open.pop();
    if (!field || field.hasResult || open.some(({ part }) => part === 'instructions')) return;
    const text = field.shows ?? fieldValue(field.code);
    if (text !== undefined) show(text);
    else {
      const name = unreadField(field.code);
      if (name !== undefined) unread(name);
    }
  };
  return {
    mark(type) {
      if (type === 'begin') {
        open.push({ part: 'instructions', code: '', shows: undefined, hasResult: false });
        form = {};
      } else if (type === 'end') end();
      else {
        const field = open.at(-1);
        if (!field) return;
        field.part = 'result';
        // A text field that was left empty shows nothing; its default would be a guess.
        if (/FORMTEXT/i.test(field.code)) field.hasResult = true;
      }
    },
    formProperty(element) {
      if (!form) return;
      const value = element.attribute('w:val');
      if (element.name === 'w:checkBox') form.checked = false;
      else if (element.name === 'w:ddList') form.entries = [];
      else if (element.name === 'w:listEntry') form.entries?.push(value ?? '');
      else if (element.name === 'w:result') form.chosen = Number(value) || 0;
      else if (element.name === 'w:checked') form.checked = isOn(element);
      else if (element.name === 'w:default') {
        // A state of its own comes behind it and wins.
        if (form.checked !== undefined) form.checked = isOn(element);
        else if (form.entries) form.chosen = Number(value) || 0;
        else form.text = value ?? '';
      }
    },
    endMark() {
      const field = open.at(-1);
      if (!form || !field) return;
      const { checked, entries, chosen = 0, text } = form;
      form = undefined;
      if (checked !== undefined) field.shows = checked ? '☒' : '☐';
      else field.shows = entries ? (entries[chosen] ?? '') : text;
    },
    showValue(text) {
      const field = open.at(-1);
      if (field) field.shows = text;
    },
    instructions(text) {
      const field = open.at(-1);
      if (field && field.code.length < 2000) field.code += text;
    },
    hides: () =>
      open.some(({ part, shows, code }) => part === 'instructions' || (shows !== undefined && !/TEXT/.test(code))),
    shown() {
      for (const field of open) field.hasResult = true;
    },
    endParagraph() {
      // A field that never ends must not hide the rest of the document.
      while (open.at(-1)?.part === 'instructions' && !longInstructions.test(open.at(-1)?.code ?? '')) end();
    },
  };
}
