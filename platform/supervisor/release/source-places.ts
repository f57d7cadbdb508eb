import { readFile } from 'node:fs/promises';
import { SourceMap } from 'node:module';
import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openOnce } from '../../kernel/calls/open-once.ts';

/** A place in a bundle, as the frames of a stack name it: an address or path, line and column. */
const place = /(?:file:\/\/)?\/[^\s"'()<>\\:]+\.js:\d+:\d+/g;

/**
 * Gives a function that names places in releases by the sources they were built from: `functions/ask/app.ts:12:5`. A place
 * without a map, such as one in a release that is no longer kept, stays as it is. Maps are read when first needed.
 * @param releases folder of the releases; places elsewhere are none of ours
 */
export function createSourcePlaces(releases: string): (text: string) => Promise<string> {
  const maps = new Map<string, Promise<SourceMap>>();
  const sourceOf = async (written: string): Promise<string> => {
    const [, address = '', line, column] = /^(.+):(\d+):(\d+)$/.exec(written) ?? [];
    try {
      const path = address.startsWith('file:') ? fileURLToPath(address) : address;
      if (!path.startsWith(releases + sep) || path.includes(`${sep}..${sep}`)) return written;
      const map = await openOnce(
        maps,
        path,
        async () => new SourceMap(JSON.parse(await readFile(`${path}.map`, 'utf8'))),
      );
      const origin = map.findOrigin(Number(line), Number(column));
      // Sources are named from the folder of the bundle, which stands in the checkout for as long as a build takes.
      return 'fileName' in origin
        ? `${origin.fileName.replace(/^(\.\.\/)+/, '')}:${origin.lineNumber}:${origin.columnNumber}`
        : written;
    } catch {
      return written;
    }
  };
  return async (text) => {
    const written = new Set(text.match(place));
    const sources = new Map(await Promise.all(Array.from(written, async (one) => [one, await sourceOf(one)] as const)));
    return sources.size === 0 ? text : text.replace(place, (one) => sources.get(one) ?? one);
  };
}
