import { useCallback, useEffect, useRef, useState } from 'react';
import { useWords } from '../app/language.tsx';
import { Button } from './button.tsx';

const words = { en: { undo: 'Undo' }, ru: { undo: 'Отменить' } };
const UNDO_MS = 5000;

/**
 * Something that is done after five seconds unless the person takes it back; leaving the page does it at once.
 * `begin(text, act, undone)` shows the message; a second one does the first at once.
 */
export function useUndo() {
  const texts = useWords(words);
  const [message, setMessage] = useState<string>();
  const waiting = useRef<{ act: () => void; undone: (() => void) | undefined; timer: ReturnType<typeof setTimeout> }>(
    undefined,
  );
  const settle = useCallback(() => {
    const { current } = waiting;
    waiting.current = undefined;
    if (!current) return;
    clearTimeout(current.timer);
    current.act();
  }, []);
  useEffect(() => {
    window.addEventListener('pagehide', settle);
    return () => {
      window.removeEventListener('pagehide', settle);
      settle();
    };
  }, [settle]);
  return {
    begin(text: string, act: () => void, undone?: () => void) {
      settle();
      const done = () => {
        setMessage(undefined);
        settle();
      };
      waiting.current = { act, undone, timer: setTimeout(done, UNDO_MS) };
      setMessage(text);
    },
    bar: (
      <div role="status" className="fixed inset-x-0 bottom-16 z-20 grid justify-items-center md:bottom-6">
        {message === undefined ? null : (
          <div className="flex items-center gap-3 rounded-lg bg-ink px-4 py-2 text-paper shadow-lg">
            {message}
            <Button
              kind="quiet"
              className="text-paper! underline"
              onClick={() => {
                clearTimeout(waiting.current?.timer);
                waiting.current?.undone?.();
                waiting.current = undefined;
                setMessage(undefined);
              }}
            >
              {texts.undo}
            </Button>
          </div>
        )}
      </div>
    ),
  };
}
