import type { DocumentFormat } from './contract.ts';
import type { Reader } from './reading.ts';

/** Readers are loaded when needed: a PDF does not pay for the libraries of DOCX. */
export const readers: Record<DocumentFormat, () => Promise<Reader>> = {
  pdf: async () => (await import('./pdf/read-pdf.ts')).readPdf,
  docx: async () => (await import('./docx/read-docx.ts')).readDocx,
  doc: async () => (await import('./doc/read-doc.ts')).readDoc,
  odt: async () => (await import('./odt/read-odt.ts')).readOdt,
  rtf: async () => (await import('./rtf/read-rtf.ts')).readRtf,
  html: async () => (await import('./html/read-html.ts')).readHtml,
  txt: async () => (await import('./read-text.ts')).readText,
  md: async () => (await import('./markdown/read-markdown.ts')).readMarkdown,
  eml: async () => (await import('./email/read-email.ts')).readEmail,
};
