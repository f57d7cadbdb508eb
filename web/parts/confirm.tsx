import { type ReactNode, useState } from 'react';
import { useWords } from '../app/language.tsx';
import { Failure } from '../app/problem.tsx';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';

const words = { en: { cancel: 'Cancel' }, ru: { cancel: 'Отмена' } };

/** A button that asks before it acts. The question stays open with the reason when the act fails. */
export function ConfirmButton({
  text,
  name = text,
  question,
  act,
}: {
  text: string;
  /** The button's full name, where the same text stands in many rows. */
  name?: string;
  question: ReactNode;
  act: () => Promise<unknown>;
}) {
  const texts = useWords(words);
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const close = () => {
    setOpen(false);
    setError(undefined);
  };
  const confirm = async () => {
    setBusy(true);
    try {
      await act();
      close();
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button kind="danger" aria-label={name} onClick={() => setOpen(true)}>
        {text}
      </Button>
      <Dialog open={open} heading={name} onClose={close}>
        <div>{question}</div>
        {error ? <Failure error={error} /> : null}
        <div className="flex flex-wrap justify-end gap-2">
          <Button kind="quiet" onClick={close}>
            {texts.cancel}
          </Button>
          <Button kind="danger" busy={busy} onClick={confirm}>
            {text}
          </Button>
        </div>
      </Dialog>
    </>
  );
}
