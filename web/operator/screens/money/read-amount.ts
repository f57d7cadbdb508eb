const AMOUNT = /^(\d+)(?:[.,](\d{1,2}))?$/;

/** Kopecks of an amount as people type it: "5 000,50" gives 500050. Undefined for what is no amount. */
export function readAmount(text: string): number | undefined {
  const [, roubles, kopecks = ''] = AMOUNT.exec(text.replace(/[\s₽]/gu, '')) ?? [];
  if (roubles === undefined) return undefined;
  const amount = Number(roubles) * 100 + Number(kopecks.padEnd(2, '0'));
  return Number.isSafeInteger(amount) ? amount : undefined;
}
