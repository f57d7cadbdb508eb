import { useEffect, useState } from 'react';
import { Dialog } from '../parts/dialog.tsx';
import { useWords } from './language.tsx';

const words = {
  en: {
    heading: 'Keyboard shortcuts',
    keys: [
      ['Enter', 'send the question'],
      ['Shift + Enter', 'new line in the question'],
      ['Esc', 'stop the answer; close a dialog or the source'],
      ['[ and ]', 'previous and next citation'],
      ['n', 'next change in a comparison'],
      ['?', 'this list'],
    ],
  },
  ru: {
    heading: 'Сочетания клавиш',
    keys: [
      ['Enter', 'отправить вопрос'],
      ['Shift + Enter', 'новая строка в вопросе'],
      ['Esc', 'остановить ответ; закрыть окно или источник'],
      ['[ и ]', 'предыдущая и следующая ссылка'],
      ['n', 'следующее изменение при сравнении'],
      ['?', 'этот список'],
    ],
  },
};

/** Whether a key is typed into something: shortcuts of single letters rest then. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'));
}

export function Shortcuts() {
  const texts = useWords(words);
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const show = (event: KeyboardEvent) => {
      if (event.key === '?' && !isTyping(event.target)) setOpen(true);
    };
    window.addEventListener('keydown', show);
    return () => window.removeEventListener('keydown', show);
  }, []);
  return (
    <Dialog open={open} heading={texts.heading} onClose={() => setOpen(false)}>
      <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-2 text-sm">
        {texts.keys.map(([key, effect]) => (
          <div key={key} className="contents">
            <dt>
              <kbd className="rounded border border-line px-2 py-0.5">{key}</kbd>
            </dt>
            <dd>{effect}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
