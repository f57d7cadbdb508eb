import { type ReactNode, useId, useState } from 'react';
import { useWords } from '../../app/language.tsx';
import { useProblem } from '../../app/problem.tsx';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Field } from '../../parts/field.tsx';
import { Notice } from '../../parts/notice.tsx';
import { useChange } from '../app/use-change.ts';

const words = {
  en: {
    cancel: 'Cancel',
    reason: 'Reason',
    reasonHint: 'It is kept in the audit log of the organization that it concerns, or of yours.',
  },
  ru: {
    cancel: 'Отмена',
    reason: 'Причина',
    reasonHint: 'Она сохранится в журнале действий организации, которой это касается, или Вашей.',
  },
};

const MOST_REASON = 500;

interface Change<Result> {
  /** What the button says. */
  text: string;
  /** The button's full name, where the same text stands in many rows. */
  name?: string;
  kind?: 'primary' | 'secondary' | 'danger';
  /** What the button in the dialog says, unless the same. */
  confirm?: string;
  disabled?: boolean;
  /** What will happen; from what to what. */
  question: ReactNode;
  /** Has to be typed before the change can be made. */
  typed?: { label: string; hint?: ReactNode; matches: (text: string) => boolean };
  /** What was chosen in the question: something else is another change, with a key of its own. */
  chosen?: unknown;
  /** Asks why. */
  withReason?: boolean;
  stale?: unknown[][];
  /** @param reason empty unless asked for */
  act: (sent: { reason: string; key: string }) => Promise<Result>;
  onDone?: (result: Result) => void;
}

/** A change of the platform that is confirmed once, in a dialog that stays open with the reason when it fails. */
export function ChangeButton<Result>({
  text,
  name = text,
  kind = 'secondary',
  disabled = false,
  ...change
}: Change<Result>) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        kind={kind}
        className="whitespace-nowrap"
        aria-label={name}
        disabled={disabled}
        onClick={() => setOpen(true)}
      >
        {text}
      </Button>
      <Dialog open={open} heading={name} onClose={() => setOpen(false)}>
        <Confirmation text={text} kind={kind} {...change} onClose={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

function Confirmation<Result>({
  text,
  kind,
  confirm = text,
  question,
  typed,
  withReason = false,
  chosen,
  stale = [],
  act,
  onDone,
  onClose,
}: Omit<Change<Result>, 'name' | 'disabled'> & { kind: NonNullable<Change<Result>['kind']>; onClose: () => void }) {
  const texts = useWords(words);
  const problem = useProblem();
  const form = useId();
  const [reason, setReason] = useState('');
  const [written, setWritten] = useState('');
  const change = useChange({
    act: (sent: { reason: string; chosen: unknown }, key) => act({ reason: sent.reason, key }),
    stale,
    onDone: (result) => {
      onClose();
      onDone?.(result);
    },
  });
  const isTyped = !typed || typed.matches(written);
  const isReady = isTyped && (!withReason || reason.trim() !== '');
  const message = problem.message ?? Object.values(problem.fields).join('; ');
  return (
    <form
      id={form}
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isReady || change.isPending) return;
        problem.clear();
        change.mutate({ reason: reason.trim(), chosen }, { onError: problem.show });
      }}
    >
      <div className="grid gap-2">{question}</div>
      {typed ? (
        <Field
          label={typed.label}
          hint={typed.hint}
          autoComplete="off"
          spellCheck={false}
          value={written}
          onChange={(event) => setWritten(event.currentTarget.value)}
        />
      ) : null}
      {withReason ? (
        <Field
          label={texts.reason}
          hint={texts.reasonHint}
          required
          maxLength={MOST_REASON}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      ) : null}
      {message ? <Notice tone="danger">{message}</Notice> : null}
      <div className="flex flex-wrap justify-end gap-2">
        <Button kind="quiet" onClick={onClose}>
          {texts.cancel}
        </Button>
        <Button type="submit" kind={kind} busy={change.isPending} disabled={!isReady}>
          {confirm}
        </Button>
      </div>
    </form>
  );
}
