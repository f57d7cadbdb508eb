import type { Schemas } from '@pandect/client';
import { Link } from '@tanstack/react-router';
import { memo, useState } from 'react';
import { useClient } from '../../app/client.tsx';
import { useLanguage, useWords } from '../../app/language.tsx';
import { useFailureText } from '../../app/problem.tsx';
import { Button } from '../../parts/button.tsx';
import { formatBytes } from '../../parts/bytes.ts';
import { FilePath } from '../../parts/file-path.tsx';
import { Time } from '../../parts/time.tsx';
import { useUploads } from '../../uploads/uploads.tsx';
import { DocumentState } from './document-state.tsx';
import { words } from './words.ts';

/** A document in the list: its name, what it is and where it stands. */
export const DocumentRow = memo(function DocumentRow({ document }: { document: Schemas['Document'] }) {
  const texts = useWords(words);
  const { language } = useLanguage();
  const { id, title, format, bytes, version, createdAt, status, type } = document;
  return (
    <div className="grid items-center gap-x-4 sm:grid-cols-[1fr_auto]">
      <div className="min-w-0">
        <p className="font-medium">
          <Link to="/documents/$id" params={{ id }} title={title}>
            <FilePath path={title} />
          </Link>
        </p>
        <p className="truncate text-sm text-muted">
          {format.toUpperCase()} · {formatBytes(language, bytes)}
          {type ? ` · ${texts.types[type]}` : ''}
          {version > 1 ? ` · ${texts.version(version)}` : ''} · <Time at={createdAt} to="day" />
        </p>
      </div>
      <div className="flex items-center gap-2 sm:justify-end">
        <DocumentState document={document} />
        {status === 'failed' ? <RetryButton document={document} /> : null}
      </div>
    </div>
  );
});

function RetryButton({ document: { id, title } }: { document: Schemas['Document'] }) {
  const texts = useWords(words);
  const describe = useFailureText();
  const { api } = useClient();
  const { mayUpload } = useUploads();
  const [error, setError] = useState<string>();
  if (!mayUpload) return null;
  const retry = async () => {
    setError(undefined);
    await api
      .POST('/api/documents/{id}/retry', { params: { path: { id } } })
      .catch((failure: unknown) => setError(describe(failure)));
  };
  return (
    <div>
      <Button kind="quiet" aria-label={texts.retryNamed(title)} onClick={() => void retry()}>
        {texts.retry}
      </Button>
      {error ? (
        <p role="alert" className="text-sm text-danger">
          {error}
        </p>
      ) : null}
    </div>
  );
}
