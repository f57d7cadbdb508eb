/**
 * The place of the one that is drawn; the first where none has a weight above 0.
 * @param random from 0 to below 1
 */
export function drawByWeight(of: readonly { weight: number }[], random: number): number {
  let point = random * of.reduce((sum, { weight }) => sum + weight, 0);
  const drawn = of.findIndex(({ weight }) => {
    point -= weight;
    return point < 0;
  });
  return Math.max(0, drawn);
}
