import { type RefObject, useCallback, useEffect, useLayoutEffect, useState } from 'react';

export interface View {
  top: number;
  width: number;
  height: number;
}

/** What is in view of an element that scrolls, at most once a frame. */
export function useView(scroller: RefObject<HTMLElement | null>): View {
  const [view, setView] = useState<View>({ top: 0, width: 0, height: 0 });
  // Before the first frame is painted: nothing is shown until the size is known.
  useLayoutEffect(() => {
    const { current } = scroller;
    if (!current) return;
    let frame = 0;
    const look = () => {
      frame = 0;
      const { scrollTop: top, clientWidth: width, clientHeight: height } = current;
      setView((before) =>
        before.top === top && before.width === width && before.height === height ? before : { top, width, height },
      );
    };
    const soon = () => {
      frame ||= requestAnimationFrame(look);
    };
    look();
    current.addEventListener('scroll', soon, { passive: true });
    const observer = new ResizeObserver(soon);
    observer.observe(current);
    return () => {
      cancelAnimationFrame(frame);
      current.removeEventListener('scroll', soon);
      observer.disconnect();
    };
  }, [scroller]);
  return view;
}

/** Zooming by two fingers, and by the wheel with Ctrl. @param change gets the factor since the last call */
export function usePinch(scroller: RefObject<HTMLElement | null>, change: (factor: number) => void): void {
  const pinch = useCallback(
    (element: HTMLElement) => {
      let apart = 0;
      const distance = ({ touches: [a, b] }: TouchEvent) =>
        a && b ? Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY) : 0;
      const start = (event: TouchEvent) => {
        apart = distance(event);
      };
      const move = (event: TouchEvent) => {
        const now = distance(event);
        if (now === 0 || apart === 0) return;
        event.preventDefault();
        change(now / apart);
        apart = now;
      };
      const wheel = (event: WheelEvent) => {
        if (!event.ctrlKey) return;
        event.preventDefault();
        change(Math.exp(-event.deltaY / 200));
      };
      element.addEventListener('touchstart', start, { passive: true });
      element.addEventListener('touchmove', move, { passive: false });
      element.addEventListener('wheel', wheel, { passive: false });
      return () => {
        element.removeEventListener('touchstart', start);
        element.removeEventListener('touchmove', move);
        element.removeEventListener('wheel', wheel);
      };
    },
    [change],
  );
  useEffect(() => (scroller.current ? pinch(scroller.current) : undefined), [scroller, pinch]);
}
