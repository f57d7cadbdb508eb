import { Citation } from '../../source/citation.tsx';
import type { Cited } from '../../source/cited.ts';
import { type AnswerBlock, readAnswer } from './read-answer.ts';

/**
 * An answer as paragraphs and lists, made of nodes and never of HTML. Its markers are citations; while it still comes they are only numbers,
 * as what they stand for is known at the end.
 */
export function AnswerText({ text, citations, notes }: { text: string; citations: readonly Cited[]; notes?: number }) {
  const blocks = readAnswer(text, notes ?? citations.length);
  return (
    <div className="grid gap-3 font-serif text-[1.0625rem] leading-relaxed" dir="auto">
      {blocks.map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: blocks of a text have no other name, and only the last one grows
        <Block key={index} block={block} citations={citations} />
      ))}
    </div>
  );
}

function Block({ block, citations }: { block: AnswerBlock; citations: readonly Cited[] }) {
  const content = <Pieces block={block} citations={citations} />;
  if (block.kind === 'heading') return <p className="font-semibold">{content}</p>;
  if (block.kind === 'paragraph')
    return (
      <p dir="auto" className="whitespace-pre-line">
        {content}
      </p>
    );
  return (
    <p dir="auto" className="grid grid-cols-[auto_1fr] gap-2 whitespace-pre-line ps-2">
      <span>{block.label}</span>
      <span>{content}</span>
    </p>
  );
}

function Pieces({ block: { pieces }, citations }: { block: AnswerBlock; citations: readonly Cited[] }) {
  return pieces.map((piece, index) => {
    const key = index;
    if (piece.kind === 'text') return piece.isBold ? <strong key={key}>{piece.text}</strong> : piece.text;
    const cited = citations[piece.number - 1];
    if (cited) return <Citation key={key} number={piece.number} cited={cited} />;
    return (
      <span key={key} aria-hidden="true" className="mx-0.5 rounded bg-line px-1 text-sm text-muted">
        {piece.number}
      </span>
    );
  });
}
