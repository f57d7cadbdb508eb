import { type Notice, ParseFailure } from '../contract.ts';
import { dublinCoreTitle } from '../docx/parts.ts';
import { openZip } from '../files/zip-archive.ts';
import { createTextFlow } from '../markup/text-flow.ts';
import type { Reader } from '../reading.ts';
import type { OdtStyles } from './open-elements.ts';
import { readOdtFormula, readOdtStyles, readOdtText } from './text.ts';

/** OpenDocument texts, as LibreOffice and Р7-Офис write them; headers and footers come once, at the end. */
export const readOdt: Reader = async ({ bytes, limits }, output) => {
  const archive = await openZip(bytes, limits);
  const manifest = 'META-INF/manifest.xml';
  if (archive.has(manifest) && archive.read(manifest).includes('encryption-data')) {
    throw new ParseFailure('encrypted', 'Read ODT: a password is needed');
  }
  if (!archive.has('content.xml')) {
    throw archive.has('mimetype')
      ? new ParseFailure('damaged', 'Read ODT: the part with the text is missing')
      : new ParseFailure('wrong-content', 'Read ODT: the archive is no OpenDocument text');
  }
  const content = archive.read('content.xml');
  const styles: OdtStyles = { lists: new Map(), texts: new Map() };
  const shared = archive.has('styles.xml') ? archive.read('styles.xml') : undefined;
  if (shared) readOdtStyles(shared, styles);
  readOdtStyles(content, styles);
  const options = {
    styles,
    notice: (kind: Notice['kind'], detail: string) => output.notice({ kind, page: null, detail }),
    formulaOf(href: string) {
      const part = `${href.replace(/^\.\//, '')}/content.xml`;
      return archive.has(part) ? readOdtFormula(archive.read(part)) : undefined;
    },
  };
  const flow = createTextFlow(limits);
  readOdtText(content, flow, { ...options, within: 'office:text' });
  const text = flow.end();
  const margins = new Set<string>();
  if (shared) {
    readOdtText(shared, flow, { ...options, within: 'office:master-styles' });
    for (const line of flow.end().split('\n')) if (/\p{L}{3}/u.test(line)) margins.add(line.trim());
  }
  await output.page([text, ...margins].join('\n\n'));
  return { hasPages: false, title: dublinCoreTitle(archive, 'meta.xml') };
};
