import type { Schemas } from '@pandect/client';
import type { ReactNode } from 'react';
import { useWords } from '../../../app/language.tsx';
import { Badge } from '../../parts/badge.tsx';
import { words } from './words.ts';

type Severity = Schemas['ConsoleAlert']['severity'];

const tones = { info: 'info', warning: 'warn', critical: 'danger' } as const;

/** How bad it is, with what else is to be said of it. */
export function SeverityBadge({ severity, children }: { severity: Severity; children?: ReactNode }) {
  const texts = useWords(words);
  return (
    <span className="flex flex-wrap gap-1">
      <Badge tone={tones[severity]}>{texts.severities[severity]}</Badge>
      {children}
    </span>
  );
}
