/** In pixels. */
export interface Size {
  width: number;
  height: number;
}

/** The sizes that a model makes: certain ones, or all that keep a rule. */
export type SizeRule =
  | { sizes: readonly Size[] }
  | {
      /** Both sides are multiples of it. */
      multipleOf: number;
      minSide: number;
      maxSide: number;
      maxPixels: number;
      /** Longer side to shorter one. */
      maxRatio: number;
    };

export function isOfferedSize(rule: SizeRule, { width, height }: Size): boolean {
  if ('sizes' in rule) return rule.sizes.some((size) => size.width === width && size.height === height);
  const [shorter, longer] = [Math.min(width, height), Math.max(width, height)];
  return (
    width % rule.multipleOf === 0 &&
    height % rule.multipleOf === 0 &&
    shorter >= rule.minSide &&
    longer <= rule.maxSide &&
    width * height <= rule.maxPixels &&
    longer <= shorter * rule.maxRatio
  );
}
