import { useEffect, useRef, useState } from 'react';
import { useWords } from '../app/language.tsx';
import { roles } from '../app/roles.ts';
import { isTyping } from '../app/shortcuts.tsx';
import { droppedFiles, filesOf } from './find-files.ts';
import type { FoundFile } from './queue.ts';

const words = {
  en: {
    drop: 'Drop files or folders here to upload them',
    refused: (role: string) => `Only people with the role “${role}” or above upload documents.`,
  },
  ru: {
    drop: 'Отпустите файлы или папки, чтобы загрузить их',
    refused: (role: string) => `Загружать документы могут сотрудники с ролью «${role}» и выше.`,
  },
};

const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;

/** Takes files that are dropped or pasted anywhere on the page. */
export function DropTarget({
  mayUpload,
  onFiles,
}: {
  mayUpload: boolean | undefined;
  onFiles: (files: FoundFile[]) => void;
}) {
  const texts = useWords(words);
  const role = useWords(roles).member.name;
  const [isOver, setOver] = useState(false);
  const depth = useRef(0);
  useEffect(() => {
    const leave = () => {
      depth.current = 0;
      setOver(false);
    };
    const on = {
      dragenter(event: DragEvent) {
        if (!hasFiles(event)) return;
        depth.current += 1;
        setOver(true);
      },
      dragleave(event: DragEvent) {
        if (!hasFiles(event)) return;
        depth.current -= 1;
        if (depth.current <= 0) leave();
      },
      dragover(event: DragEvent) {
        if (hasFiles(event)) event.preventDefault();
      },
      drop(event: DragEvent) {
        if (!event.dataTransfer || !hasFiles(event)) return;
        event.preventDefault();
        leave();
        if (mayUpload) void droppedFiles(event.dataTransfer).then(onFiles);
      },
      paste(event: ClipboardEvent) {
        const files = filesOf(event.clipboardData?.files ?? []);
        if (files.length > 0 && mayUpload && !isTyping(event.target)) onFiles(files);
      },
    };
    const listeners = Object.entries(on) as [string, EventListener][];
    for (const [name, listener] of listeners) window.addEventListener(name, listener);
    return () => {
      for (const [name, listener] of listeners) window.removeEventListener(name, listener);
    };
  }, [mayUpload, onFiles]);
  if (!isOver) return null;
  return (
    <div className="pointer-events-none fixed inset-3 z-50 grid place-items-center rounded-2xl border-4 border-dashed border-accent bg-surface/90 p-6 text-center text-xl">
      <p role="status">{mayUpload === false ? texts.refused(role) : texts.drop}</p>
    </div>
  );
}
