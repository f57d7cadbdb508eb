export { AiFailure } from './ai-failure.ts';
export type { Catalogue, CatalogueModel, Choice } from './catalogue.ts';
export type { CalledTarget, CallOptions, ChatCall, ChatEvent, ChatMessage, ChatModel } from './chat/chat-model.ts';
export { estimateTokens, estimateUsage } from './chat/estimate-tokens.ts';
export {
  type MeteredCall,
  meteredCall,
  noTokens,
  Postponed,
  type ReservedCall,
  reservedCall,
  type Said,
} from './chat/metered-call.ts';
export { piecesOf } from './chat/pieces.ts';
export type { Embedder, Reachable } from './embedding/embedder.ts';
export type {
  /** @public for providers of pictures */
  ImageModel,
} from './image-model.ts';
