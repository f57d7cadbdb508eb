import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useClient } from '../../../app/client.tsx';
import { saveFile } from '../../../app/download.ts';
import { useWords } from '../../../app/language.tsx';
import { Failure } from '../../../app/problem.tsx';
import { Button } from '../../../parts/button.tsx';
import { Choice } from '../../../parts/field.tsx';
import { words } from './words.ts';

type Format = 'docx' | 'pdf';

/** Saves a conversation as a document with its quotes as notes. */
export function ExportForm({ conversation: { id }, onClose }: { conversation: { id: string }; onClose: () => void }) {
  const texts = useWords(words);
  const { api } = useClient();
  const [format, setFormat] = useState<Format>('docx');
  const download = useMutation({
    async mutationFn() {
      const { data, response } = await api.GET('/api/conversations/{id}/export', {
        params: { path: { id }, query: { format } },
        parseAs: 'blob',
      });
      saveFile(response, data as unknown as Blob, `conversation.${format}`);
    },
    onSuccess: onClose,
  });
  return (
    <>
      <p>{texts.exportHint}</p>
      <Choice
        label={texts.format}
        value={format}
        options={[
          { value: 'docx', text: texts.docx },
          { value: 'pdf', text: texts.pdf },
        ]}
        onChoose={setFormat}
      />
      {download.error ? <Failure error={download.error} /> : null}
      <div className="flex flex-wrap justify-end gap-2">
        <Button kind="quiet" onClick={onClose}>
          {texts.cancel}
        </Button>
        <Button busy={download.isPending} onClick={() => download.mutate()}>
          {texts.download}
        </Button>
      </div>
    </>
  );
}
