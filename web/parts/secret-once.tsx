import { useState } from 'react';
import { useWords } from '../app/language.tsx';
import { Button } from './button.tsx';
import { Notice } from './notice.tsx';

const en = {
  secret: 'Your new key',
  secretOnce: 'It is shown only now. Copy it into the program that needs it.',
  copy: 'Copy',
  copied: 'Copied',
  stored: 'I have stored the key',
  close: 'Close',
};

const ru: typeof en = {
  secret: 'Ваш новый ключ',
  secretOnce: 'Он показывается только сейчас. Скопируйте его в программу, для которой он нужен.',
  copy: 'Скопировать',
  copied: 'Скопировано',
  stored: 'Ключ сохранён',
  close: 'Закрыть',
};

const words = { en, ru };

/** The secret of a key, until the person says that it is stored. */
export function SecretOnce({ secret, onClose }: { secret: string; onClose: () => void }) {
  const texts = useWords(words);
  const [stored, setStored] = useState(false);
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(secret);
    setCopied(true);
  };
  return (
    <>
      <Notice tone="warn">{texts.secretOnce}</Notice>
      <div className="flex flex-wrap items-center gap-2">
        <output
          aria-label={texts.secret}
          className="min-w-0 flex-1 rounded bg-accent-soft p-3 font-mono text-sm break-all"
        >
          {secret}
        </output>
        <Button kind="secondary" onClick={copy}>
          {copied ? texts.copied : texts.copy}
        </Button>
      </div>
      <label className="flex items-center gap-2">
        <input type="checkbox" checked={stored} onChange={(event) => setStored(event.currentTarget.checked)} />
        {texts.stored}
      </label>
      <div className="flex justify-end">
        <Button disabled={!stored} onClick={onClose}>
          {texts.close}
        </Button>
      </div>
    </>
  );
}
