interface Dated {
  model: string;
  aboveTokens: number;
  validFrom: string;
}

/** Whether a price is what usage is charged at now, one that comes, or one that was replaced. */
export function priceState(price: Dated, all: readonly Dated[], now: number): 'inForce' | 'later' | 'past' {
  const from = Date.parse(price.validFrom);
  if (from > now) return 'later';
  const isReplaced = all.some((other) => {
    const otherFrom = Date.parse(other.validFrom);
    const isSame = other.model === price.model && other.aboveTokens === price.aboveTokens;
    return isSame && otherFrom > from && otherFrom <= now;
  });
  return isReplaced ? 'past' : 'inForce';
}
