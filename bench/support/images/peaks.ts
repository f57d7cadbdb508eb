import { drawNoise } from '../../../modules/pictures/fixtures/make-pictures.ts';
import { createPictureInspector } from '../../../modules/pictures/inspect/inspect-picture.ts';

/** A side of the picture, and how much of each value is noise. */
const PICTURES = [
  { side: 1024, spread: 64 },
  { side: 2048, spread: 64 },
  { side: 4096, spread: 4 },
];

/** Memory of the processes that decode such pictures and write them again, MiB. The last one has as many pixels as are taken. */
export async function decodedPeaks(): Promise<{ what: string; peakMb: number }[]> {
  const found: { what: string; peakMb: number }[] = [];
  for (const { side, spread } of PICTURES) {
    let peakMb = 0;
    const inspector = createPictureInspector({ onEnd: (figures) => (peakMb = figures.peakMb) });
    await inspector.inspect(await drawNoise(side, side, spread).png().toBuffer());
    found.push({ what: `a PNG of ${side} × ${side}`, peakMb });
  }
  return found;
}
