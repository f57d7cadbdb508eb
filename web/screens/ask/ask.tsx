import { useParams } from '@tanstack/react-router';
import { Conversation } from './conversation.tsx';
import { NEW } from './kept.ts';

/** A conversation, or the beginning of one. */
export default function Ask() {
  const { id = NEW } = useParams({ strict: false });
  return <Conversation key={id} slot={id} />;
}
