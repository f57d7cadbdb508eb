import type { Schemas } from '@pandect/client';
import { useState } from 'react';
import { useWords } from '../../../app/language.tsx';
import { Button } from '../../../parts/button.tsx';
import { Dialog } from '../../../parts/dialog.tsx';
import { ExportForm } from './export-form.tsx';
import { RenameForm } from './rename-form.tsx';
import { ShareForm } from './share-form.tsx';
import { words } from './words.ts';

type Shown = Pick<Schemas['Conversation'], 'id' | 'title' | 'isOwn' | 'sharedAt' | 'readers' | 'owner'>;

/** What can be done with a conversation: its owner may share and rename it, its readers may export it. */
export function Actions({ conversation }: { conversation: Shown }) {
  const texts = useWords(words);
  const [open, setOpen] = useState<'share' | 'export' | 'rename'>();
  const close = () => setOpen(undefined);
  const { isOwn, sharedAt, readers } = conversation;
  const shareText = sharedAt === null && readers.length === 0 ? texts.share : texts.shared;
  return (
    <>
      {isOwn ? (
        <>
          {/* Next to a source or on a phone the title needs the room; the list of conversations renames too. */}
          <Button kind="quiet" className="@max-md:hidden" onClick={() => setOpen('rename')}>
            {texts.rename}
          </Button>
          <Button kind="quiet" onClick={() => setOpen('share')}>
            {shareText}
          </Button>
        </>
      ) : null}
      <Button kind="quiet" onClick={() => setOpen('export')}>
        {texts.export}
      </Button>
      <Dialog open={open === 'rename'} heading={texts.rename} onClose={close}>
        <RenameForm conversation={conversation} onClose={close} />
      </Dialog>
      <Dialog open={open === 'share'} heading={shareText} onClose={close}>
        <ShareForm conversation={conversation} onClose={close} />
      </Dialog>
      <Dialog open={open === 'export'} heading={texts.export} onClose={close}>
        <ExportForm conversation={conversation} onClose={close} />
      </Dialog>
    </>
  );
}
