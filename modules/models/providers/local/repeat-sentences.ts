import { detectLanguage, isFigureStem, stems } from '../../../text/index.ts';
import { type ChatMessage, textOf } from '../../chat/chat-model.ts';

const notices = {
  en: 'No language model is configured here. Nothing in this conversation holds the words of the question.',
  ru: 'Языковая модель не настроена. В этой беседе нет слов, о которых спрашивается.',
};
const mostSentences = 2;
/** Share of the question's words that a sentence must hold to be repeated. */
const leastShare = 0.5;

/** The sentences of a conversation that hold most words of its last paragraph, or a notice that there is no model. */
export function repeatSentences(messages: readonly ChatMessage[]): string {
  const paragraphs = messages
    .filter(({ role }) => role !== 'system')
    .flatMap((message) => textOf(message).split(/\n+/))
    .filter((paragraph) => paragraph.trim() !== '');
  const question = paragraphs.pop() ?? '';
  const asked = new Set(stems(question));
  const share = (sentence: string) => {
    const held = new Set(stems(sentence));
    return [...asked].filter((stem) => held.has(stem) || isFigureStem(stem)).length / Math.max(asked.size, 1);
  };
  const segmenter = new Intl.Segmenter('und', { granularity: 'sentence' });
  const best = paragraphs
    .flatMap((paragraph) => Array.from(segmenter.segment(paragraph), ({ segment }) => segment.trim()))
    .map((text) => ({ text, score: share(text) }))
    .filter(({ score }) => score >= leastShare)
    .sort((a, b) => b.score - a.score);
  if (best.length === 0) return notices[detectLanguage(question)];
  return [...new Set(best.map(({ text }) => text))].slice(0, mostSentences).join('\n\n');
}
