/** What files are read by. Another name whenever the same file gives other pages: those that were kept of it are then void. */
export const parserName = 'pages-4';

/** What texts are cut by. Another name whenever the same text gives other chunks or units: `pandect reindex` then cuts again. */
export const chunkerName = 'legal-4';
