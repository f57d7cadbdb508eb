import { type ReactNode, useEffect, useId, useRef } from 'react';

/** A modal question or form. Escape and the browser's own way back close it, unless it `stays`; the focus returns to where it was. */
export function Dialog({
  open,
  heading,
  onClose,
  stays = false,
  children,
}: {
  open: boolean;
  heading: string;
  onClose: () => void;
  /** Only what stands in it closes it. */
  stays?: boolean;
  children: ReactNode;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const { current } = dialog;
    if (open && !current?.open) current?.showModal();
    if (!open && current?.open) current.close();
  }, [open]);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      onClose={onClose}
      closedby={stays ? 'none' : 'closerequest'}
      // Browsers that do not know `closedby`
      onCancel={(event) => {
        if (stays) event.preventDefault();
      }}
      className="w-full max-w-lg rounded-xl border border-line bg-raised p-6 max-md:mb-0 max-md:max-w-none max-md:rounded-b-none"
    >
      {open ? (
        <div className="grid gap-4">
          <h2 id={id}>{heading}</h2>
          {children}
        </div>
      ) : null}
    </dialog>
  );
}
