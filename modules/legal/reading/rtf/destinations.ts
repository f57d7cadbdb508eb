/** Destinations that hold no text of the document. Those marked with `\*` that are not known are skipped besides. */
export const skippedDestinations: ReadonlySet<string> = new Set([
  ...['stylesheet', 'listtable', 'listoverridetable', 'revtbl', 'filetbl', 'mmathPict'],
  ...['objdata', 'nonshppict', 'xe', 'tc', 'tcn', 'rxe', 'bkmkstart', 'bkmkend', 'private', 'themedata'],
  ...['annotation', 'atnauthor', 'atnid', 'header', 'headerl', 'headerr', 'headerf'],
  ...['footer', 'footerl', 'footerr', 'footerf', 'ftnsep', 'ftnsepc', 'aftnsep', 'aftnsepc'],
  ...['template', 'shprslt', 'nonesttables'],
]);

/** Destinations marked as ones that may be skipped, but with text that shows or properties that count. */
export const keptDestinations: ReadonlySet<string> = new Set([
  ...['shpinst', 'shptxt', 'nesttableprops', 'shppict', 'picprop', 'do', 'dptxbxtext'],
]);

/** Words that stand for a character. */
export const characters: Readonly<Record<string, string>> = {
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
export const symbols: Readonly<Record<string, string>> = {
  ...{ '~': ' ', '-': '\u00ad', _: '-', '\\': '\\', '{': '{', '}': '}' },
};

export const paragraphEnds: ReadonlySet<string> = new Set(['par', 'sect', 'page', 'column']);

/** Words that put a paragraph into a frame. */
export const frameWords: ReadonlySet<string> = new Set([
  ...[
    'posx',
    'posy',
    'posnegx',
    'posnegy',
    'posxc',
    'posyc',
    'absw',
    'absh',
    'pvpara',
    'pvpg',
    'phmrg',
    'phpg',
    'phcol',
  ],
]);
