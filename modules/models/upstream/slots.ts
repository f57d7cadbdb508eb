import { AiFailure } from '../ai-failure.ts';

export interface Slot {
  /** Whether the call is among the first `kept` ones, whose connections stay open for the next. */
  isKept: boolean;
  release(): void;
}

/** Room for calls of one provider at the same time. */
export interface Slots {
  /** Waits for a free slot. @throws AiFailure `overloaded` when none became free in time, `cancelled` when `signal` aborts before */
  take(signal?: AbortSignal): Promise<Slot>;
}

export interface SlotLimits {
  /** Calls at the same time. */
  most: number;
  /** Of those, calls over connections that are kept. */
  kept: number;
  /** Longest wait for a slot. */
  waitMs: number;
}

export function createSlots({ most, kept, waitMs }: SlotLimits): Slots {
  let [keptFree, otherFree] = [Math.min(kept, most), Math.max(most - kept, 0)];
  const waiting = new Set<(slot: Slot) => void>();

  const slotOf = (isKept: boolean): Slot => {
    let isTaken = true;
    return {
      isKept,
      release() {
        if (!isTaken) return;
        isTaken = false;
        const [next] = waiting;
        if (next) {
          waiting.delete(next);
          next(slotOf(isKept));
        } else if (isKept) keptFree += 1;
        else otherFree += 1;
      },
    };
  };

  return {
    async take(signal) {
      if (signal?.aborted) throw new AiFailure('cancelled', 'Wait for a connection: cancelled');
      if (keptFree > 0) {
        keptFree -= 1;
        return slotOf(true);
      }
      if (otherFree > 0) {
        otherFree -= 1;
        return slotOf(false);
      }
      return new Promise((resolve, reject) => {
        const end = () => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', cancel);
          waiting.delete(serve);
        };
        const serve = (slot: Slot) => {
          end();
          resolve(slot);
        };
        const fail = (reason: AiFailure['reason'], why: string) => {
          end();
          reject(new AiFailure(reason, `Wait for a connection: ${why}`, { upstream: 'not-asked' }));
        };
        const cancel = () => fail('cancelled', 'cancelled');
        const timer = setTimeout(() => fail('overloaded', `none of ${most} became free in ${waitMs} ms`), waitMs);
        signal?.addEventListener('abort', cancel, { once: true });
        waiting.add(serve);
      });
    },
  };
}
