import { type FormEvent, type KeyboardEvent, type RefObject, useEffect } from 'react';
import { useWords } from '../../app/language.tsx';
import { Button } from '../../parts/button.tsx';
import { ChosenDocuments } from './documents/chosen-documents.tsx';
import type { ChosenDocument } from './kept.ts';
import { Remaining } from './remaining.tsx';
import { words } from './words.ts';

const LONGEST = 4000;

/** The field for questions: Enter asks, Shift+Enter breaks the line, Esc stops the answer. */
export function Composer({
  field,
  text,
  isBusy,
  isStopping,
  chosen,
  onText,
  onChoose,
  onAsk,
  onStop,
}: {
  field: RefObject<HTMLTextAreaElement | null>;
  text: string;
  isBusy: boolean;
  isStopping: boolean;
  /** Documents that the answer may come from; none: all. */
  chosen: readonly ChosenDocument[];
  onText: (text: string) => void;
  onChoose: (chosen: readonly ChosenDocument[]) => void;
  onAsk: () => void;
  onStop: () => void;
}) {
  const texts = useWords(words);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isBusy && text.trim() !== '') onAsk();
  };
  const onKey = (event: KeyboardEvent) => {
    // Enter may choose a word of an input method.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    submit(event);
  };
  useEffect(() => {
    if (!isBusy) return;
    const stop = (event: globalThis.KeyboardEvent) => {
      const isElsewhere = event.target instanceof Element && event.target.closest('dialog, aside, [popover]') !== null;
      if (event.key === 'Escape' && !event.isComposing && !isElsewhere) onStop();
    };
    window.addEventListener('keydown', stop);
    return () => window.removeEventListener('keydown', stop);
  }, [isBusy, onStop]);
  return (
    <div className="grid gap-1 rounded-xl border border-line bg-surface p-2 shadow-sm">
      <form onSubmit={submit} className="flex items-end gap-2">
        <textarea
          ref={field}
          aria-label={texts.question}
          placeholder={texts.placeholder}
          rows={1}
          maxLength={LONGEST}
          enterKeyHint="send"
          dir="auto"
          value={text}
          onChange={(event) => onText(event.currentTarget.value)}
          onKeyDown={onKey}
          className="field-sizing-content max-h-[40dvh] min-h-11 min-w-0 flex-1 resize-none rounded-md bg-surface px-2 py-2 text-ink"
        />
        {isBusy ? (
          <Button kind="secondary" busy={isStopping} onClick={onStop}>
            {isStopping ? texts.stopping : texts.stop}
          </Button>
        ) : (
          <Button type="submit" disabled={text.trim() === ''}>
            {texts.ask}
          </Button>
        )}
      </form>
      <ChosenDocuments chosen={chosen} onChange={onChoose} />
      <Remaining />
    </div>
  );
}
