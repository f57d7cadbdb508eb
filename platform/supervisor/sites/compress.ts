import { promisify } from 'node:util';
import { brotliCompress, constants, gzip, zstdCompress } from 'node:zlib';

/** The ending of a compressed form, as the edge looks for it next to the file. */
type Ending = '.br' | '.zst' | '.gz';

/** The rest is compressed by its own format. */
const COMPRESSIBLE = /\.(?:m?js|css|html|svg|json|txt|xml|wasm|webmanifest|ttf|map)$/;
/** A form that saves less is not worth a file. */
const WORTH = 0.95;
const LEAST_BYTES = 256;

export const gzipForm = (contents: Buffer): Promise<Buffer> =>
  promisify(gzip)(contents, { level: constants.Z_BEST_COMPRESSION });

/** The compressed forms of a file at the highest levels; those that save too little are left out. */
export async function compressedForms(
  path: string,
  contents: Buffer,
  gzipped: Buffer,
): Promise<{ ending: Ending; contents: Buffer }[]> {
  if (!COMPRESSIBLE.test(path) || contents.length < LEAST_BYTES) return [];
  const brotli = await promisify(brotliCompress)(contents, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: contents.length,
    },
  });
  const zstd = await promisify(zstdCompress)(contents, {
    // Without it, tables for the largest files are filled for the smallest, too.
    pledgedSrcSize: contents.length,
    params: { [constants.ZSTD_c_compressionLevel]: 19 },
  });
  const forms: { ending: Ending; contents: Buffer }[] = [
    { ending: '.br', contents: brotli },
    { ending: '.zst', contents: zstd },
    { ending: '.gz', contents: gzipped },
  ];
  return forms.filter((form) => form.contents.length < contents.length * WORTH);
}
