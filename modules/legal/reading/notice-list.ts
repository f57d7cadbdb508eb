import { type Notice, noticeKinds } from './contract.ts';
import { normalizeText } from './normalize-text.ts';

/** Notices of one reading that are looked at; the rest is only counted. */
export const noticesTaken = 10_000;
const noticesKept = 100;
/** Of each kind, at least so many are kept before more of another kind are. */
const fairShare = Math.floor(noticesKept / noticeKinds.length);
const longestDetail = 200;

export interface NoticeList {
  /** @returns the notice as it is kept; undefined for one that is known, malformed or one too many */
  add(notice: Notice): Notice | undefined;
  /** @param omitted how many more the reader had */
  kept(omitted?: number): { notices: Notice[]; noticesOmitted: number };
}

/** Collects what a parser process tells. That process has read a hostile file, so nothing that it says is taken for granted. */
export function createNoticeList(): NoticeList {
  const known = new Map<string, Notice>();
  let beyond = 0;
  return {
    add(given) {
      const notice = clean(given);
      if (!notice) return undefined;
      const key = JSON.stringify(notice);
      if (known.has(key)) return undefined;
      if (known.size === noticesTaken) {
        beyond += 1;
        return undefined;
      }
      known.set(key, notice);
      return notice;
    },
    kept(omitted = 0) {
      const notices = choose([...known.values()]);
      const more = Number.isSafeInteger(omitted) && omitted > 0 ? Math.min(omitted, 1_000_000) : 0;
      return { notices, noticesOmitted: known.size - notices.length + beyond + more };
    },
  };
}

function clean({ kind, page, detail }: Notice): Notice | undefined {
  if (!noticeKinds.includes(kind)) return undefined;
  const known = { kind, page: Number.isSafeInteger(page) && Number(page) > 0 ? page : null };
  if (typeof detail !== 'string') return known;
  const line = normalizeText(detail.slice(0, 2000)).replaceAll(/\s+/g, ' ').trim();
  const short = line.slice(0, longestDetail).toWellFormed().trim();
  return short === '' ? known : { ...known, detail: short };
}

/** The first ones, but no kind crowds out another. */
function choose(all: readonly Notice[]): Notice[] {
  const seen = new Map<string, number>();
  const ranked = all.map((notice, index) => {
    const rank = seen.get(notice.kind) ?? 0;
    seen.set(notice.kind, rank + 1);
    return { notice, index, late: rank >= fairShare };
  });
  return ranked
    .toSorted((a, b) => Number(a.late) - Number(b.late) || a.index - b.index)
    .slice(0, noticesKept)
    .toSorted((a, b) => a.index - b.index)
    .map(({ notice }) => notice);
}
