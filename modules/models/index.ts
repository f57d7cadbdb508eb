export { AiFailure } from './ai-failure.ts';
export type { Catalogue, CatalogueModel, Choice } from './catalogue.ts';
export type { CalledTarget, CallOptions, ChatCall, ChatEvent, ChatMessage, ChatModel } from './chat-model.ts';
export type { Embedder, Reachable } from './embedder.ts';
export { estimateTokens, estimateUsage } from './estimate-tokens.ts';
export type {
  /** @public for providers of pictures */
  ImageModel,
} from './image-model.ts';
export { type MeteredCall, meteredCall, noTokens, type Said } from './metered-call.ts';
export { piecesOf } from './pieces.ts';
