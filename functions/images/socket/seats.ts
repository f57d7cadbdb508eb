/** Counts the sockets of each person in this process. */
export interface Seats {
  /** @returns what gives the seat back; undefined when all are taken */
  take(userId: string): (() => void) | undefined;
}

export function createSeats(ofPerson: number): Seats {
  const taken = new Map<string, number>();
  return {
    take(userId) {
      const before = taken.get(userId) ?? 0;
      if (before >= ofPerson) return undefined;
      taken.set(userId, before + 1);
      return () => {
        const left = (taken.get(userId) ?? 1) - 1;
        if (left === 0) taken.delete(userId);
        else taken.set(userId, left);
      };
    },
  };
}
