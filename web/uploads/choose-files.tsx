import { useRef } from 'react';
import { useWords } from '../app/language.tsx';
import { Button } from '../parts/button.tsx';
import { filesOf } from './find-files.ts';
import { useUploads } from './uploads.tsx';

const words = {
  en: { files: 'Upload files', folder: 'Upload a folder', version: 'Upload a new version' },
  ru: { files: 'Загрузить файлы', folder: 'Загрузить папку', version: 'Загрузить новую версию' },
};

/** Buttons that open the system's choice of files, or of a folder. @param replaces for a new version of that document */
export function ChooseFiles({ replaces }: { replaces?: string }) {
  const texts = useWords(words);
  return replaces === undefined ? (
    <>
      <Choose text={texts.files} kind="primary" multiple />
      <Choose text={texts.folder} kind="secondary" folder />
    </>
  ) : (
    <Choose text={texts.version} kind="secondary" replaces={replaces} />
  );
}

function Choose({
  text,
  kind,
  multiple = false,
  folder = false,
  replaces,
}: {
  text: string;
  kind: 'primary' | 'secondary';
  multiple?: boolean;
  folder?: boolean;
  replaces?: string;
}) {
  const { add } = useUploads();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button kind={kind} onClick={() => input.current?.click()}>
        {text}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={text}
        multiple={multiple}
        {...(folder && { webkitdirectory: '' })}
        onChange={({ currentTarget }) => {
          add(filesOf(currentTarget.files ?? []), replaces);
          currentTarget.value = '';
        }}
      />
    </>
  );
}
