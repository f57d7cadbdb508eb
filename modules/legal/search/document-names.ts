import { and, desc, eq, inArray, sql } from 'drizzle-orm';
import type { Database, Transaction } from '../../../db/client.ts';
import { documentTexts } from '../../../db/schema/legal/document-texts.ts';
import { documents } from '../../../db/schema/legal/documents.ts';
import { organizations } from '../../../db/schema/people/organizations.ts';
import { codesIn, type NamedParty, partiesNamedIn } from '../text/index.ts';
import { type DocumentName, titleWords } from './named-documents.ts';
import { namesOf } from './names.ts';

/** What the ready documents of organizations are called, kept in this process and read again when they change. */
export interface DocumentNames {
  /** As they were when they were read last; undefined when they never were. */
  held(organizationId: string): NamesHeld | undefined;
  read(organizationId: string): Promise<NamesHeld>;
}

export interface NamesHeld {
  /** The organization's `documents_version` when they were read. */
  version: number;
  names: readonly DocumentName[];
  replaced: readonly ReplacedName[];
}

/** A version that is no longer searched, with the words of its title. */
export interface ReplacedName {
  id: string;
  title: ReadonlySet<string>;
}

interface Held extends NamesHeld {
  documents: Map<string, DocumentName & { changed: number }>;
}

/** Characters at a document's beginning, where title and parties stand. */
const headLength = 1500;
/** Documents whose names are kept, of all organizations; about 2 KB each. */
const mostDocuments = 10_000;
const readAtOnce = 500;

export function createDocumentNames(database: Pick<Database, 'tenant'>): DocumentNames {
  /** The least recently used first. */
  const organizationsHeld = new Map<string, Held>();
  const keep = (organizationId: string, held: Held) => {
    organizationsHeld.delete(organizationId);
    organizationsHeld.set(organizationId, held);
    return held;
  };

  return {
    held(organizationId) {
      const held = organizationsHeld.get(organizationId);
      return held && keep(organizationId, held);
    },
    async read(organizationId) {
      const before = organizationsHeld.get(organizationId);
      const held = await database.tenant(organizationId, async (tx) => {
        const [organization] = await tx
          .select({ version: organizations.documentsVersion })
          .from(organizations)
          .where(eq(organizations.id, organizationId));
        const version = organization?.version ?? 0;
        return before?.version === version ? before : readHeld(tx, version, before?.documents);
      });
      keep(organizationId, held);
      forgetOldest(organizationsHeld);
      return held;
    },
  };
}

/** What changes after the version was read is read again with the next one. */
async function readHeld(tx: Transaction, version: number, before: Held['documents'] | undefined): Promise<Held> {
  const replaced = await readReplaced(tx);
  const documents = await readNames(tx, before);
  return { version, replaced, documents, names: [...documents.values()] };
}

/** Versions in use that are looked at are all; of those that were replaced the last ones are. */
const mostReplaced = 1_000;

async function readReplaced(tx: Transaction): Promise<ReplacedName[]> {
  const rows = await tx
    .select({ id: documents.id, title: documents.title })
    .from(documents)
    .where(eq(documents.status, 'replaced'))
    .orderBy(desc(documents.updatedAt))
    .limit(mostReplaced);
  return rows.map(({ id, title }) => ({ id, title: titleWords(title) }));
}

/** Names of all ready documents; only of those that are new or have changed is the text read. */
async function readNames(tx: Transaction, before: Held['documents'] = new Map()): Promise<Held['documents']> {
  const ready = await tx
    .select({ id: documents.id, updatedAt: documents.updatedAt })
    .from(documents)
    .where(eq(documents.status, 'ready'));
  const found: Held['documents'] = new Map();
  const missing: string[] = [];
  for (const { id, updatedAt } of ready) {
    const known = before.get(id);
    if (known?.changed === updatedAt.getTime()) found.set(id, known);
    else missing.push(id);
  }
  for (let at = 0; at < missing.length; at += readAtOnce) {
    const rows = await tx
      .select({
        id: documents.id,
        updatedAt: documents.updatedAt,
        title: documents.title,
        description: documents.description,
        head: sql<string>`left(${documentTexts.content}, ${sql.raw(String(headLength))})`,
      })
      .from(documents)
      .innerJoin(documentTexts, eq(documentTexts.documentId, documents.id))
      .where(and(eq(documents.status, 'ready'), inArray(documents.id, missing.slice(at, at + readAtOnce))));
    for (const row of rows) found.set(row.id, { ...documentName(row), changed: row.updatedAt.getTime() });
  }
  return found;
}

/** What a document with this beginning can be called by. */
export function documentName(document: {
  id: string;
  title: string;
  description: string | null;
  head: string;
}): DocumentName {
  const { id, head } = document;
  const title = `${document.title}\n${document.description ?? ''}`;
  const titleNames = namesOf(title);
  return {
    id,
    names: new Set([...titleNames, ...namesOf(head)]),
    title: titleNames,
    called: titleWords(title),
    parties: partiesOf(`${title}\n${head}`),
    codes: new Set(codesIn(`${title}\n${head.slice(0, 300)}`).map(({ code }) => code)),
  };
}

/** A register of payments names many firms, and is no contract of theirs. */
const mostParties = 8;

function partiesOf(text: string): NamedParty[] {
  const parties = partiesNamedIn(text);
  return new Set(parties.map(({ roots }) => roots.join(' '))).size > mostParties ? [] : parties;
}

function forgetOldest(held: Map<string, Held>): void {
  let documentsHeld = 0;
  for (const [id, { documents: own }] of [...held].reverse()) {
    documentsHeld += own.size;
    if (documentsHeld > mostDocuments && id !== [...held.keys()].at(-1)) held.delete(id);
  }
}
