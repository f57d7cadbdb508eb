import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';

/** Who reads within so many pixels of the end follows it. */
const NEAR_PX = 100;

const distance = () => document.documentElement.scrollHeight - window.innerHeight - window.scrollY;
const scrollToEnd = () => window.scrollTo({ top: document.documentElement.scrollHeight });

/**
 * Keeps the end of what grows in view for those who read it there, and leaves alone those who have scrolled up.
 * @returns whether the end is out of view, and what leads back to it
 */
export function useFollowEnd(content: RefObject<HTMLElement | null>): { isAway: boolean; toEnd: () => void } {
  const isFollowing = useRef(true);
  const lastY = useRef(0);
  const [isAway, setIsAway] = useState(false);
  useEffect(() => {
    // What has grown since the page was scrolled to its end is no reason to stop: only a way up is.
    const look = () => {
      const isUp = window.scrollY < lastY.current;
      lastY.current = window.scrollY;
      if (distance() <= NEAR_PX) isFollowing.current = true;
      else if (isUp) isFollowing.current = false;
      setIsAway(!isFollowing.current && distance() > NEAR_PX);
    };
    let width: number | undefined;
    const grow = new ResizeObserver(([entry]) => {
      // A source that opens makes the column narrower: the text gets longer without having grown, and what was clicked stays in view.
      const isReflow = width !== undefined && width !== entry?.contentRect.width;
      width = entry?.contentRect.width;
      if (isFollowing.current && !isReflow) scrollToEnd();
      else setIsAway(distance() > NEAR_PX);
    });
    if (content.current) grow.observe(content.current);
    window.addEventListener('scroll', look, { passive: true });
    return () => {
      grow.disconnect();
      window.removeEventListener('scroll', look);
    };
  }, [content]);
  const toEnd = useCallback(() => {
    isFollowing.current = true;
    setIsAway(false);
    scrollToEnd();
  }, []);
  return { isAway, toEnd };
}
