/** Questions that can be bought on top of a plan, `price` in kopecks. They do not run out, and are used when the plan’s own are. */
export const topUpPacks = [
  { questions: 100, price: 150_000 },
  { questions: 500, price: 650_000 },
  { questions: 2000, price: 2_200_000 },
] as const;

export type TopUpPack = (typeof topUpPacks)[number];
