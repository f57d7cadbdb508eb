import { scriptOf } from '../docx/run-look.ts';
import type { Script } from '../markup/superscripts.ts';

/** Where the text of a group is written. */
type Destination =
  | 'code'
  | 'colours'
  | 'collected'
  | 'fonts'
  | 'info'
  | 'label'
  | 'nested-result'
  | 'none'
  | 'title'
  /** The document's text. */
  | undefined;

/** What is done when a group ends. */
type Ending =
  | 'box'
  | 'class'
  | 'default'
  | 'entry'
  | 'field'
  | 'formula'
  | 'note'
  | 'object'
  | 'picture'
  | 'shape-name'
  | 'shape-value'
  | undefined;

/** What is in force inside the braces of a group, and again behind a group in it. */
export interface Group {
  skipped: boolean;
  hidden: boolean;
  /** Number in the table of colours. */
  colour: number;
  /** The letters are on a ground of their own. */
  highlighted: boolean;
  /** So is the paragraph. */
  isShaded: boolean;
  deleted: boolean;
  /** Its number in the table of fonts; undefined for the usual one. */
  font: number | undefined;
  bold: boolean;
  script: Script | undefined;
  /** Half points above the line. */
  raised: number;
  /** Half points. */
  size: number;
  /** Tables around the paragraph. */
  level: number;
  isFrame: boolean;
  isDropCap: boolean;
  /** Inside a text box. */
  inBox: boolean;
  /** How many characters stand behind a `\u` for programs that do not know it. */
  fallback: number;
  /** It has the same text twice, for old programs and in Unicode. */
  hasAlternatives: boolean;
  destination: Destination;
  ends: Ending;
}

/** Twelve points, the size of text that does not say it. */
const plainSize = 24;
const plainLook = {
  font: undefined,
  bold: false,
  script: undefined,
  raised: 0,
  size: plainSize,
  ...{ colour: 0, highlighted: false },
};

export const firstGroup: Readonly<Group> = {
  ...{
    skipped: false,
    hidden: false,
    deleted: false,
    ...plainLook,
    level: 0,
    isFrame: false,
    isDropCap: false,
    isShaded: false,
    inBox: false,
  },
  ...{ fallback: 1, hasAlternatives: false, destination: undefined, ends: undefined },
};

export const innerGroup = (outer: Readonly<Group>): Group => ({
  ...outer,
  skipped: outer.skipped || outer.hasAlternatives,
  hasAlternatives: false,
  destination: outer.destination === 'info' ? undefined : outer.destination,
  ends: undefined,
});

/** @param usualSize of the text on the line */
export const scriptIn = (
  { script, raised, size, isDropCap }: Readonly<Group>,
  usualSize: number,
): Script | undefined => (isDropCap ? undefined : scriptOf({ vertical: script ?? 'none', raised, size }, usualSize));

/** Takes a word that says how characters look. @returns false for any other */
export function setLook(group: Group, word: string, value: number | undefined): boolean {
  const isOn = value !== 0;
  switch (word) {
    case 'plain':
      Object.assign(group, plainLook, { hidden: false, deleted: false });
      return true;
    case 'v':
      group.hidden = isOn;
      return true;
    case 'deleted':
      group.deleted = isOn;
      return true;
    case 'cf':
      group.colour = value ?? 0;
      return true;
    case 'cb':
    case 'chcbpat':
    case 'chshdng':
    case 'highlight':
      group.highlighted = (value ?? 0) !== 0;
      return true;
    case 'b':
      group.bold = isOn;
      return true;
    case 'super':
    case 'sub':
      group.script = isOn ? word : undefined;
      return true;
    case 'nosupersub':
      group.script = undefined;
      group.raised = 0;
      return true;
    case 'up':
      group.raised = value ?? 6;
      return true;
    case 'dn':
      group.raised = -(value ?? 6);
      return true;
    case 'fs':
      group.size = value ?? plainSize;
      return true;
    default:
      return false;
  }
}
