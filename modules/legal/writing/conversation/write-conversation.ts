import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { WrittenConversation } from './written-conversation.ts';

export const conversationFormats = ['docx', 'pdf'] as const;
export type ConversationFormat = (typeof conversationFormats)[number];

export type WriteConversation = (conversation: WrittenConversation, format: ConversationFormat) => Promise<Buffer>;

/** In a release the fonts stand next to the entry, see the manifest's `assets`. */
function fontPath(name: string): string {
  const bundled = join(import.meta.dirname, name);
  return existsSync(bundled) ? bundled : createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${name}`);
}

/** The libraries and fonts are loaded when they are first needed, since most processes never write a document. */
export const writeConversation = (): WriteConversation => async (conversation, format) => {
  if (format === 'docx') {
    const { conversationDocx } = await import('./conversation-docx.ts');
    return conversationDocx(conversation);
  }
  const [regular, bold, { conversationPdf }] = await Promise.all([
    readFile(fontPath('DejaVuSans.ttf')),
    readFile(fontPath('DejaVuSans-Bold.ttf')),
    import('./conversation-pdf.ts'),
  ]);
  return conversationPdf(conversation, { regular, bold });
};
