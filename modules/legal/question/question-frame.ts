const documentWord =
  /(?<!\p{L})(?:agreement|contract|lease|polic(?:y|ies)|deed|licen[cs]e|plan|memorandum|amendment|addendum|terms|rules|act|code|charter|bylaws|договор|соглашени|контракт|устав|положени|правил|закон|кодекс|полис|приказ|акт)/iu;
const opening =
  /^\s*(?:in|under|with (?:regard|respect|reference) to|regarding|concerning|as regards|looking at|according to|as per|per|pursuant to|for|within|by|в|во|по|согласно|относительно|касательно|что касается|в соответствии с|исходя из|на основании)(?!\p{L})/iu;
/** Behind a comma that ends the frame comes the question itself. */
const asking =
  /^\s*(?:(?:to|for|from|by|at|on|in|with|until|under|against|of|до|с|на|за|в|из|при|для|по|к|кем|о|об)\s+)?(?:what|which|who|whom|whose|how|when|where|why|whether|is|are|was|were|does|do|did|can|could|may|must|shall|should|will|would|has|have|что|кто|кого|кому|чем|кем|чей|чья|как\p{L}{0,4}|когда|где|куда|сколько|почему|если|if|можно|нужно|надо|обязан\p{L}{0,2}|вправе|может|могут|должен|должна|должны|есть|имеет|имеют|допускается|разрешено|запрещено|ли)(?!\p{L})/iu;

/** Longest beginning that is looked at. */
const longestFrame = 400;

/**
 * Parts a question from the words in front that say which document is meant: «По договору аренды с ООО «Ромашка», кто платит
 * за ремонт?», "In the Lease between A, Inc. and B, Ltd., who pays?", "Lease of Birch House: who pays?". Without such
 * words `frame` is empty.
 */
export function splitFrame(question: string): { frame: string; rest: string } {
  const head = question.slice(0, longestFrame);
  const ends = [...head.matchAll(/[,:;—–](?=\s)/g)].map(({ index }) => index).reverse();
  for (const end of ends) {
    const [frame, rest] = [question.slice(0, end), question.slice(end + 1)];
    if (!documentWord.test(frame)) continue;
    const isFrame = question[end] === ':' ? !asking.test(frame) : opening.test(frame) && asking.test(rest);
    if (isFrame) return { frame, rest: rest.trimStart() };
  }
  return { frame: '', rest: question };
}
