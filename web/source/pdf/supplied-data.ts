/*
 * What PDF.js needs for some files only: decoders of scans (JPEG 2000, JBIG2), character maps of East Asian fonts, fonts that a
 * file names and does not have. Each is a file of its own among the assets, loaded when it is asked for.
 */

const files = {
  ...import.meta.glob<string>('../../../node_modules/pdfjs-dist/wasm/*.wasm', {
    query: '?url&no-inline',
    import: 'default',
    eager: true,
  }),
  ...import.meta.glob<string>('../../../node_modules/pdfjs-dist/standard_fonts/*.{pfb,ttf}', {
    query: '?url&no-inline',
    import: 'default',
    eager: true,
  }),
  ...import.meta.glob<string>('../../../node_modules/pdfjs-dist/cmaps/*.bcmap', {
    query: '?url&no-inline',
    import: 'default',
    eager: true,
  }),
};

/** Addresses of the files by their names. */
export const suppliedFiles: ReadonlyMap<string, string> = new Map(
  Object.entries(files).map(([path, address]) => [path.slice(path.lastIndexOf('/') + 1), address]),
);
