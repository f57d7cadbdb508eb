/** A page as it looks, one byte a pixel, 0 black. */
export interface PagePicture {
  width: number;
  height: number;
  pixels: Uint8Array;
  dotsPerInch: number;
}

/** A part of a picture in its pixels; `right` and `bottom` lie just outside. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export const WHITE = 255;
/** Darker pixels are ink. Scans are seldom evenly lit, but print on them is far darker than paper. */
export const INK_BELOW = 140;

/** Turned clockwise by so many quarters. */
export function turned({ width, height, pixels, dotsPerInch }: PagePicture, quarters: number): PagePicture {
  if (quarters % 4 === 0) return { width, height, pixels, dotsPerInch };
  const isFlat = quarters % 2 === 0;
  const result = new Uint8Array(pixels.length);
  const across = isFlat ? width : height;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const value = pixels[y * width + x] as number;
      if (isFlat) result[(height - 1 - y) * across + (width - 1 - x)] = value;
      else if (quarters % 4 === 1) result[x * across + (height - 1 - y)] = value;
      else result[(width - 1 - x) * across + y] = value;
    }
  }
  return { width: across, height: isFlat ? height : width, pixels: result, dotsPerInch };
}

/** A box of a picture that was `turned`, as it lies on the picture of this size before that. */
export function turnedBack(
  { left, top, right, bottom }: Box,
  { width, height }: Pick<PagePicture, 'width' | 'height'>,
  quarters: number,
): Box {
  switch (quarters % 4) {
    case 1:
      return { left: top, right: bottom, top: height - right, bottom: height - left };
    case 2:
      return { left: width - right, right: width - left, top: height - bottom, bottom: height - top };
    case 3:
      return { left: width - bottom, right: width - top, top: left, bottom: right };
    default:
      return { left, top, right, bottom };
  }
}

/** Half as wide and high: enough to see which way up it is. */
export function halved({ width, height, pixels, dotsPerInch }: PagePicture): PagePicture {
  const [across, down] = [width >> 1, height >> 1];
  const result = new Uint8Array(across * down);
  for (let y = 0; y < down; y += 1) {
    for (let x = 0; x < across; x += 1) {
      const at = y * 2 * width + x * 2;
      const sum =
        (pixels[at] as number) +
        (pixels[at + 1] as number) +
        (pixels[at + width] as number) +
        (pixels[at + width + 1] as number);
      result[y * across + x] = sum >> 2;
    }
  }
  return { width: across, height: down, pixels: result, dotsPerInch: dotsPerInch / 2 };
}

/** How many pixels of a part are ink. */
export function inkIn({ width, pixels }: PagePicture, { left, top, right, bottom }: Box): number {
  let ink = 0;
  for (let y = top; y < bottom; y += 1) {
    for (let at = y * width + left; at < y * width + right; at += 1) {
      if ((pixels[at] as number) < INK_BELOW) ink += 1;
    }
  }
  return ink;
}

/** The band of a part, as high as given, with the most ink; undefined where the part is hardly higher than two of them. */
export function densestBand(picture: PagePicture, part: Box, height: number): Box | undefined {
  if (part.bottom - part.top <= height * 2) return undefined;
  const rows = Array.from({ length: part.bottom - part.top }, (_, row) =>
    inkIn(picture, { ...part, top: part.top + row, bottom: part.top + row + 1 }),
  );
  let ink = 0;
  let best = { ink: 0, end: height };
  for (const [row, here] of rows.entries()) {
    ink += here - (rows[row - height] ?? 0);
    if (row + 1 >= height && ink > best.ink) best = { ink, end: row + 1 };
  }
  return { ...part, top: part.top + best.end - height, bottom: part.top + best.end };
}

/** Paints a part white, in place. */
export function clear({ width, height, pixels }: PagePicture, { left, top, right, bottom }: Box): void {
  const [from, to] = [Math.max(0, left), Math.min(width, right)];
  for (let y = Math.max(0, top); y < Math.min(height, bottom); y += 1)
    pixels.fill(WHITE, y * width + from, y * width + to);
}

export const whole = ({ width, height }: PagePicture): Box => ({ left: 0, top: 0, right: width, bottom: height });

/** A part as a picture of its own. */
export function cut({ width, pixels, dotsPerInch }: PagePicture, { left, top, right, bottom }: Box): PagePicture {
  const across = right - left;
  const result = new Uint8Array(across * (bottom - top));
  for (let y = top; y < bottom; y += 1) {
    result.set(pixels.subarray(y * width + left, y * width + right), (y - top) * across);
  }
  return { width: across, height: bottom - top, pixels: result, dotsPerInch };
}
