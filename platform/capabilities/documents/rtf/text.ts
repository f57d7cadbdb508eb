import { ParseFailure } from '../contract.ts';
import type { TextFlow } from '../text-flow.ts';
import { type RtfToken, rtfTokens } from './tokens.ts';

/** Destinations that hold no text of the document. Those marked with `\*` that are not known are skipped besides. */
const skippedDestinations = new Set([
  ...['colortbl', 'stylesheet', 'listtable', 'listoverridetable', 'revtbl', 'filetbl', 'pict'],
  ...['objdata', 'fldinst', 'nonshppict', 'xe', 'tc', 'tcn', 'rxe', 'bkmkstart', 'bkmkend', 'private', 'themedata'],
  ...['annotation', 'atnauthor', 'atnid', 'header', 'headerl', 'headerr', 'headerf'],
  ...[
    'footer',
    'footerl',
    'footerr',
    'footerf',
    'ftnsep',
    'ftnsepc',
    'aftnsep',
    'sp',
    'sn',
    'sv',
    'template',
    'ud',
    'shprslt',
    'nonesttables',
  ],
]);
/** Destinations marked as ones that may be skipped, but with text that shows. */
const keptDestinations = new Set(['shpinst', 'shptxt', 'nesttableprops']);

const characters: Record<string, string> = {
  tab: '\t',
  line: '\n',
  lbr: '\n',
  emdash: '—',
  endash: '–',
  lquote: '‘',
  rquote: '’',
  ldblquote: '“',
  rdblquote: '”',
  bullet: '•',
  emspace: ' ',
  enspace: ' ',
  qmspace: ' ',
};
const symbols: Record<string, string> = { '~': ' ', '-': '\u00ad', _: '-', '\\': '\\', '{': '{', '}': '}' };
const paragraphEnds = new Set(['par', 'sect', 'page', 'column']);

/** Code pages by `\fcharset` (RTF 1.9.1, "Font Table"). */
const charsets: Record<number, string> = {
  77: 'macintosh',
  128: 'shift_jis',
  129: 'euc-kr',
  134: 'gbk',
  136: 'big5',
  161: 'windows-1253',
  162: 'windows-1254',
  163: 'windows-1258',
  177: 'windows-1255',
  178: 'windows-1256',
  186: 'windows-1257',
  204: 'windows-1251',
  222: 'windows-874',
  238: 'windows-1250',
  254: 'ibm866',
};
const codePages: Record<number, string> = { 866: 'ibm866', 932: 'shift_jis', 936: 'gbk', 949: 'euc-kr', 950: 'big5' };

interface Group {
  skipped: boolean;
  hidden: boolean;
  /** Of the font in force; empty for the file's own. */
  encoding: string | undefined;
  inTable: boolean;
  /** How many characters stand behind a `\u` for programs that do not know it. */
  fallback: number;
  /** What is done when the group ends. */
  destination: 'note' | 'box' | 'label' | 'fonts' | 'info' | 'title' | undefined;
}

const deepestGroup = 5_000;

/**
 * Writes the text of an RTF file into a flow: paragraphs with the numbers that stand in the file beside them, table
 * rows, notes; deleted and hidden text, pictures and embedded objects left out.
 * @returns the title of its properties
 * @throws ParseFailure `damaged` when groups are nested past any sense
 */
export function readRtfText(file: Uint8Array, flow: TextFlow): string | undefined {
  const groups: Group[] = [];
  let group: Group = {
    skipped: false,
    hidden: false,
    encoding: undefined,
    inTable: false,
    fallback: 1,
    destination: undefined,
  };
  const fonts = new Map<number, string>();
  let font = 0;
  let usualFont = 0;
  let usual = 'windows-1252';
  let title = '';
  /** The number of the open paragraph, as the program that wrote the file has put it down. */
  let label = '';
  let notes = 0;
  /** Characters still to be left out behind a `\u`. */
  let leftOut = 0;
  /** After `\*`: whatever comes may be skipped. */
  let optional = false;
  let pending: number[] = [];
  const decoders = new Map<string, TextDecoder>();

  const decoder = (): TextDecoder => {
    const label = (group.encoding ?? fonts.get(usualFont)) || usual;
    const found = decoders.get(label) ?? createDecoder(label);
    decoders.set(label, found);
    return found;
  };
  const put = (text: string) => {
    if (group.destination === 'title') title = (title + text).slice(0, 2000);
    else if (group.destination === 'label') label = (label + text).slice(0, 100);
    else if (!group.skipped && !group.hidden) {
      if (text === '') return;
      // A paragraph is in a cell when its properties say so.
      if (group.inTable) flow.continueCell();
      else flow.leaveTable();
      flow.add(text);
    }
  };
  /** Characters of two bytes may come as two escapes, so bytes are decoded when something else follows. */
  const flush = () => {
    if (pending.length === 0) return;
    const bytes = Uint8Array.from(pending);
    pending = [];
    put(decoder().decode(bytes));
  };
  const takeBytes = (bytes: Uint8Array) => {
    if (group.skipped && group.destination !== 'title') return;
    const kept = leftOut > 0 ? bytes.subarray(leftOut) : bytes;
    leftOut = Math.max(0, leftOut - bytes.length);
    for (const byte of kept) pending.push(byte);
    if (pending.length > 65_536) flush();
  };
  const takeLabel = () => {
    const text = label.trim();
    label = '';
    if (text === '') return {};
    const isBullet = /^[^\p{L}\p{N}]$/u.test(text);
    return { prefix: isBullet ? '- ' : `${text} `, tight: isBullet };
  };
  const open = () => {
    groups.push(group);
    if (groups.length > deepestGroup) throw new ParseFailure('damaged', 'Read RTF: groups are nested too deeply');
    const { destination } = group;
    group = { ...group, destination: destination === 'fonts' || destination === 'label' ? destination : undefined };
  };
  const close = () => {
    const { destination, skipped } = group;
    if (destination === 'note' && !skipped) flow.closeAside(`[${notes}] `);
    if (destination === 'box' && !skipped) flow.closeAside();
    group = groups.pop() ?? group;
  };
  const enter = (name: string): boolean => {
    if (name === 'info') group = { ...group, skipped: true, destination: 'info' };
    else if (name === 'title' && groups.at(-1)?.destination === 'info') group = { ...group, destination: 'title' };
    else if (name === 'fonttbl') group = { ...group, skipped: true, destination: 'fonts' };
    else if (skippedDestinations.has(name) || (optional && !keptDestinations.has(name))) group.skipped = true;
    else if (!group.skipped && (name === 'listtext' || name === 'pntext')) group.destination = 'label';
    else if (!group.skipped && name === 'footnote') {
      notes += 1;
      put(`[${notes}]`);
      flow.openAside();
      group.destination = 'note';
    } else if (!group.skipped && name === 'shptxt') {
      flow.openAside();
      group.destination = 'box';
    } else return false;
    return true;
  };
  const word = (name: string, value: number | undefined) => {
    if (enter(name)) return;
    const text = characters[name];
    if (text !== undefined) return put(text);
    switch (name) {
      case 'ansicpg':
        usual = codePages[value ?? 0] ?? `windows-${value}`;
        break;
      case 'mac':
        usual = 'macintosh';
        break;
      case 'uc':
        group.fallback = Math.min(Math.max(value ?? 1, 0), 10);
        break;
      case 'u':
        put(character(value ?? 0));
        leftOut = group.fallback;
        break;
      case 'deff':
        usualFont = value ?? 0;
        break;
      case 'f':
        font = value ?? 0;
        if (group.destination !== 'fonts') group.encoding = fonts.get(font);
        break;
      case 'fcharset': {
        if (group.destination === 'fonts') fonts.set(font, charsets[value ?? 0] ?? '');
        break;
      }
      case 'plain':
        group.hidden = false;
        group.encoding = undefined;
        break;
      case 'v':
      case 'deleted':
        group.hidden = value !== 0;
        break;
      case 'pard':
        group.inTable = false;
        break;
      case 'trowd':
      case 'intbl':
        group.inTable = true;
        break;
      case 'cell':
      case 'nestcell':
        if (!group.skipped) {
          flow.continueCell();
          flow.endParagraph(takeLabel());
          flow.closeCell();
        }
        break;
      case 'row':
      case 'nestrow':
        if (!group.skipped) flow.closeRow();
        break;
      default:
        if (paragraphEnds.has(name) && !group.skipped) flow.endParagraph(takeLabel());
    }
  };

  for (const token of rtfTokens(file)) {
    if (token.type !== 'bytes') flush();
    step(token);
  }
  flush();
  return title.trim() || undefined;

  function step(token: RtfToken): void {
    const wasOptional = optional;
    switch (token.type) {
      case 'open':
        leftOut = 0;
        open();
        break;
      case 'close':
        leftOut = 0;
        close();
        break;
      case 'bytes':
        takeBytes(token.bytes);
        break;
      case 'symbol':
        if (token.name === '*') optional = true;
        else if (leftOut > 0) leftOut -= 1;
        else put(symbols[token.name] ?? '');
        break;
      case 'word':
        word(token.name, token.value);
    }
    // The mark counts for what stands directly behind it.
    if (wasOptional) optional = false;
  }
}

/** Signs of symbol fonts stand at U+F000; in texts they are bullets. */
function character(value: number): string {
  const code = value & 0xffff;
  return code >= 0xf000 && code <= 0xf0ff ? '•' : String.fromCharCode(code);
}

function createDecoder(label: string): TextDecoder {
  try {
    return new TextDecoder(label);
  } catch {
    // A code page that nobody knows: the letters of ASCII are the same in all of them.
    return new TextDecoder('windows-1252');
  }
}
