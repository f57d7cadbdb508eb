import type { WriteStream } from 'node:tty';
import { duration } from './quantities.ts';

/** A line at the end of what is printed that is written again in place. Off a terminal there is none. */
export interface LiveLine {
  /** What happens now; the time since `show` began is added and grows. */
  show(text: string): void;
  /** A line that stays, above the live one. */
  print(line: string): void;
  end(): void;
}

type Output = Pick<WriteStream, 'write'> & Partial<Pick<WriteStream, 'isTTY' | 'columns'>>;

const REDRAW_MS = 100;
const CLEAR = '\r\u001b[K';

export function createLiveLine(output: Output, now: () => number = () => performance.now()): LiveLine {
  if (!output.isTTY) {
    return { show() {}, print: (line) => void output.write(`${line}\n`), end() {} };
  }
  let current: { text: string; began: number } | undefined;
  const draw = () => {
    if (!current) return;
    const line = `${current.text} … ${duration(now() - current.began)}`;
    output.write(CLEAR + line.slice(0, (output.columns || 80) - 1));
  };
  const timer = setInterval(draw, REDRAW_MS).unref();
  return {
    show(text) {
      if (current?.text !== text) current = { text, began: now() };
      draw();
    },
    print(line) {
      output.write(`${CLEAR}${line}\n`);
      draw();
    },
    end() {
      clearInterval(timer);
      if (current) output.write(CLEAR);
      current = undefined;
    },
  };
}
