import { fieldValue, unreadField } from '../markup/field-value.ts';

/*
 * Fields: `{\field{\*\fldinst …}{\fldrslt …}}`. Instructions do not show, results do. Boxes and lists of forms keep their
 * state in their own data (`\*\formfield`), and fields such as EQ and SYMBOL often have no result.
 */

interface Field {
  code: string;
  /** Of a field in another one's instructions. */
  result: string;
  hasResult: boolean;
  /** Whether a result has begun, though it may be empty. */
  resultBegun: boolean;
  form: Form | undefined;
}

interface Form {
  /** 0 text, 1 box, 2 list */
  type: number;
  chosen: number | undefined;
  usual: number | undefined;
  text: string;
  entries: string[];
}

/** What `\ffres` holds when nothing was entered. */
const notEntered = 25;
const mostEntries = 1000;

export interface RtfFields {
  open(): void;
  /** @returns what shows instead of a result, and the name of a field whose value is not known */
  close(): { shows?: string | undefined; unread?: string | undefined };
  addCode(text: string): void;
  /** Text of a result that stands in another field's instructions. */
  addResult(text: string): void;
  beginResult(): void;
  /** Whether the result does not show, as the form's own data says what does. */
  hidesResult(): boolean;
  shown(): void;
  openForm(): void;
  formWord(word: string, value: number): void;
  addEntry(text: string): void;
  addDefault(text: string): void;
}

export function createRtfFields(): RtfFields {
  const open: Field[] = [];
  const form = () => open.at(-1)?.form;
  return {
    open: () => void open.push({ code: '', result: '', hasResult: false, resultBegun: false, form: undefined }),
    close() {
      const field = open.pop();
      if (!field) return {};
      const own = formValue(field);
      const text = own ?? (field.hasResult ? undefined : fieldValue(field.code));
      const outer = open.at(-1);
      if (outer && !outer.resultBegun && outer.code.length < 2000) outer.code += text ?? field.result;
      if (text !== undefined) return { shows: text };
      const isForm = field.form !== undefined || /^\s*FORMTEXT/i.test(field.code);
      const isLost = !field.hasResult && !(isForm && /^\s*FORMTEXT/i.test(field.code));
      return isLost ? { unread: unreadField(field.code) } : {};
    },
    addCode(text) {
      const field = open.at(-1);
      if (field && field.code.length < 2000) field.code += text;
    },
    addResult(text) {
      const field = open.at(-1);
      if (field && field.result.length < 2000) field.result += text;
    },
    beginResult() {
      const field = open.at(-1);
      if (field) field.resultBegun = true;
    },
    hidesResult: () => open.some((field) => field.resultBegun && formValue(field) !== undefined),
    shown() {
      for (const field of open) field.hasResult = true;
    },
    openForm() {
      const field = open.at(-1);
      if (field) field.form = { type: 0, chosen: undefined, usual: undefined, text: '', entries: [] };
    },
    formWord(word, value) {
      const found = form();
      if (!found) return;
      if (word === 'fftype') found.type = value;
      else if (word === 'ffres') found.chosen = value;
      else if (word === 'ffdefres') found.usual = value;
    },
    addEntry(text) {
      const found = form();
      if (found && found.entries.length < mostEntries) found.entries.push(text);
    },
    addDefault(text) {
      const found = form();
      if (found) found.text = text;
    },
  };
}

/** What a form's field holds; undefined where its result says it. */
function formValue({ form, code, resultBegun }: Field): string | undefined {
  if (/^\s*FORMCHECKBOX/i.test(code) || form?.type === 1) {
    if (!form) return undefined;
    return state(form) === 1 ? '☒' : '☐';
  }
  if (!form) return undefined;
  if (/^\s*FORMDROPDOWN/i.test(code) || form.type === 2) return form.entries[state(form)];
  // A text field that was left empty shows nothing; its default would be a guess.
  return !resultBegun && form.text !== '' ? form.text : undefined;
}

const state = ({ chosen, usual }: Form): number =>
  chosen === undefined || chosen === notEntered ? (usual ?? 0) : chosen;
