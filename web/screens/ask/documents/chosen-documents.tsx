import { useState } from 'react';
import { useLanguage, useWords } from '../../../app/language.tsx';
import { formatNumber } from '../../../app/plural.ts';
import { Button } from '../../../parts/button.tsx';
import { Dialog } from '../../../parts/dialog.tsx';
import type { ChosenDocument } from '../kept.ts';
import { DocumentPicker } from './document-picker.tsx';
import { words } from './words.ts';

/** The others are counted. */
const MOST_SHOWN = 4;

/** Which documents answers come from, and a dialog that changes it. */
export function ChosenDocuments({
  chosen,
  onChange,
}: {
  chosen: readonly ChosenDocument[];
  onChange: (chosen: readonly ChosenDocument[]) => void;
}) {
  const texts = useWords(words);
  const { language } = useLanguage();
  const [open, setOpen] = useState(false);
  const hidden = chosen.length - MOST_SHOWN;
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1 px-2 text-sm text-muted">
      <span>{chosen.length === 0 ? texts.all : texts.only}</span>
      {chosen.length === 0 ? null : (
        <ul className="contents">
          {chosen.slice(0, MOST_SHOWN).map(({ id, title }) => (
            <li key={id} className="flex max-w-full items-center rounded-md bg-accent-soft pl-2 text-ink">
              <span dir="auto" className="truncate">
                {title}
              </span>
              <button
                type="button"
                aria-label={texts.leaveOut(title)}
                onClick={() => onChange(chosen.filter((other) => other.id !== id))}
                className="min-h-8 min-w-8 text-muted"
              >
                <span aria-hidden="true">✕</span>
              </button>
            </li>
          ))}
          {hidden > 0 ? <li>{texts.more(formatNumber(language, hidden))}</li> : null}
        </ul>
      )}
      <Button kind="quiet" className="px-2" aria-label={texts.choose} onClick={() => setOpen(true)}>
        {chosen.length === 0 ? texts.choose : texts.change}
      </Button>
      <Dialog open={open} heading={texts.heading} onClose={() => setOpen(false)}>
        <DocumentPicker chosen={chosen} onChange={onChange} onClose={() => setOpen(false)} />
      </Dialog>
    </div>
  );
}
