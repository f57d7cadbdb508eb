import type { Notice } from '../contract.ts';
import { isUnseen } from '../markup/colours.ts';
import { symbolText } from '../markup/symbol-fonts.ts';
import type { TextFlow } from '../markup/text-flow.ts';
import { createFormValues } from './form-values.ts';
import { createListLabels, type ListStyles } from './lists.ts';
import type { TextLook, TextStyles } from './looks.ts';

interface Frame {
  isPicture: boolean;
  /** An object in it is read or noticed; the picture only stands in for it. */
  isRead: boolean;
  description: string;
  /** Centimetres. */
  width: number;
  height: number;
}

interface List {
  style: string;
  /** Whether the next paragraph is an item's first. */
  itemBegins: boolean;
}

interface Field {
  entries: string[];
  chosen: number;
  shows: string | undefined;
}

export interface OdtStyles {
  lists: ListStyles;
  texts: TextStyles;
}

export interface OdtTextOptions {
  styles: OdtStyles;
  /** The element whose content is read. */
  within: string;
  /** The formula in an object of the archive; undefined for an object of another kind. */
  formulaOf?: (href: string) => string | undefined;
  notice?: (kind: Notice['kind'], detail: string) => void;
}

/** The elements of a part that are open while it is read, and the flow that their text goes to. */
export class OpenElements {
  readonly flow: TextFlow;
  readonly options: OdtTextOptions;
  readonly labels: ReturnType<typeof createListLabels>;
  readonly forms = createFormValues();
  readonly lists: List[] = [];
  readonly looks: TextLook[] = [];
  readonly frames: Frame[] = [];
  readonly fields: Field[] = [];
  readonly openNotes: number[] = [];
  headerRows = 0;
  /** How deep inside something that does not show. */
  skipped = 0;
  /** What does not show is text that the author has hidden. */
  hidesText = false;
  /** How deep inside the element that is read. */
  inside = 0;
  paragraphs = 0;
  notes = 0;
  description = 0;
  /** Cells, text boxes and the like that are open: their ground may have any colour. */
  grounds = 0;
  prefix: { text: string; isBullet: boolean } | undefined;
  readonly prefixes: OpenElements['prefix'][] = [];

  constructor(flow: TextFlow, options: OdtTextOptions) {
    this.flow = flow;
    this.options = options;
    this.labels = createListLabels(options.styles.lists);
  }

  notice(kind: Notice['kind'], detail: string): void {
    this.options.notice?.(kind, detail);
  }

  /** Adds text as it looks in the open paragraph or span; nothing where it is hidden. */
  write(text: string): void {
    const look = this.looks.at(-1) ?? {};
    const { hidden, white, shaded } = look;
    if (isUnseen({ hidden, white, shaded }, this.grounds === 0)) {
      if (text.trim() !== '') this.notice('hidden-text', '');
      return;
    }
    const shown = symbolText(text, look.font || undefined, () => this.notice('part-not-read', 'Symbol'));
    this.flow.add(shown, look);
  }
}
