import type { Schemas } from '@pandect/client';
import { useRef, useState } from 'react';
import { useWords } from '../../../app/language.tsx';
import { Dialog } from '../../../parts/dialog.tsx';
import { RenameForm } from './rename-form.tsx';

const words = {
  en: { menu: (title: string) => `Actions for “${title}”`, rename: 'Rename', delete: 'Delete' },
  ru: { menu: (title: string) => `Действия с беседой «${title}»`, rename: 'Переименовать', delete: 'Удалить' },
};

const item = 'block w-full rounded px-3 py-2 text-start text-sm hover:bg-accent-soft';

/** What can be done with a conversation in the list. */
export function RowMenu({
  conversation,
  onDelete,
}: {
  conversation: Pick<Schemas['Conversation'], 'id' | 'title'>;
  onDelete: () => void;
}) {
  const texts = useWords(words);
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const [isRenaming, setIsRenaming] = useState(false);
  const open = () => {
    const { current } = menu;
    const at = button.current?.getBoundingClientRect();
    if (!current || !at) return;
    current.showPopover();
    const { width, height } = current.getBoundingClientRect();
    current.style.left = `${Math.max(4, Math.min(at.left, window.innerWidth - width - 4))}px`;
    current.style.top = `${Math.max(4, Math.min(at.bottom, window.innerHeight - height - 4))}px`;
  };
  const choose = (act: () => void) => () => {
    menu.current?.hidePopover();
    act();
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        aria-label={texts.menu(conversation.title)}
        aria-haspopup="true"
        onClick={open}
        className="rounded-md px-2 py-2 text-muted opacity-0 focus-visible:opacity-100 group-hover:opacity-100 max-md:opacity-100"
      >
        <span aria-hidden="true">⋯</span>
      </button>
      <div
        ref={menu}
        popover="auto"
        className="fixed m-0 min-w-40 rounded-lg border border-line bg-raised p-1 text-ink shadow-lg"
      >
        <button type="button" className={item} onClick={choose(() => setIsRenaming(true))}>
          {texts.rename}
        </button>
        <button type="button" className={`${item} text-danger`} onClick={choose(onDelete)}>
          {texts.delete}
        </button>
      </div>
      <Dialog open={isRenaming} heading={texts.rename} onClose={() => setIsRenaming(false)}>
        <RenameForm conversation={conversation} onClose={() => setIsRenaming(false)} />
      </Dialog>
    </>
  );
}
