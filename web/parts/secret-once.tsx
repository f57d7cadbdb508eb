import { useRef, useState } from 'react';
import { useWords } from '../app/language.tsx';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { Notice } from './notice.tsx';

const en = {
  secret: 'Your new key',
  secretOnce: 'It is shown only now. Copy it into the program that needs it.',
  copy: 'Copy',
  copied: 'Copied',
  notCopied: 'The browser did not let the page copy. The key is selected: copy it by hand.',
  stored: 'I have stored the key',
  close: 'Close',
};

const ru: typeof en = {
  secret: 'Ваш новый ключ',
  secretOnce: 'Он показывается только сейчас. Скопируйте его в программу, для которой он нужен.',
  copy: 'Скопировать',
  copied: 'Скопировано',
  notCopied: 'Браузер не разрешил копирование. Ключ выделен: скопируйте его вручную.',
  stored: 'Ключ сохранён',
  close: 'Закрыть',
};

const words = { en, ru };

/** A dialog with the secret of a key. It stays, and Escape does not close it, until the person says that the secret is stored. */
export function SecretOnce({
  heading,
  secret,
  onClose,
}: {
  heading: string;
  /** Undefined while there is none to show. */
  secret: string | undefined;
  onClose: () => void;
}) {
  const texts = useWords(words);
  const [stored, setStored] = useState(false);
  const close = () => {
    setStored(false);
    onClose();
  };
  return (
    <Dialog open={secret !== undefined} heading={heading} onClose={close} stays={!stored}>
      <Notice tone="warn">{texts.secretOnce}</Notice>
      <Secret secret={secret ?? ''} />
      <label className="flex items-center gap-2">
        <input type="checkbox" checked={stored} onChange={(event) => setStored(event.currentTarget.checked)} />
        {texts.stored}
      </label>
      <div className="flex justify-end">
        <Button disabled={!stored} onClick={close}>
          {texts.close}
        </Button>
      </div>
    </Dialog>
  );
}

function Secret({ secret }: { secret: string }) {
  const texts = useWords(words);
  const shown = useRef<HTMLOutputElement>(null);
  const [outcome, setOutcome] = useState<'copied' | 'not-copied'>();
  const copy = async () => {
    try {
      // Pages without TLS have no clipboard.
      await navigator.clipboard.writeText(secret);
      setOutcome('copied');
    } catch {
      if (shown.current) getSelection()?.selectAllChildren(shown.current);
      setOutcome('not-copied');
    }
  };
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <output
          ref={shown}
          aria-label={texts.secret}
          className="min-w-0 flex-1 rounded bg-accent-soft p-3 font-mono text-sm break-all"
        >
          {secret}
        </output>
        <Button kind="secondary" onClick={copy}>
          {outcome === 'copied' ? texts.copied : texts.copy}
        </Button>
      </div>
      {outcome === 'not-copied' ? <Notice tone="warn">{texts.notCopied}</Notice> : null}
    </>
  );
}
