/** When something that failed is asked again: after a while, and then by one for all. */
export interface Pause {
  /** True for everybody while all is well, and for one in each pause. */
  isOver(): boolean;
  begin(): void;
  end(): void;
}

/** @param now milliseconds */
export function createPause(ms: number, now: () => number = Date.now): Pause {
  let until = 0;
  const begin = () => {
    until = now() + ms;
  };
  return {
    begin,
    end() {
      until = 0;
    },
    isOver() {
      if (until === 0) return true;
      if (now() < until) return false;
      begin();
      return true;
    },
  };
}
