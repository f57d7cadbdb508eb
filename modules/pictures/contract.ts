import type { ImageFailureReason } from '../models/image-model.ts';

/** Where a generation stands. The last five are ends; `failed` and `expired` become `done` when a picture comes after all. */
export const generationStates = [
  'queued',
  'submitting',
  'waiting',
  'running',
  'storing',
  'done',
  'failed',
  'refused',
  'cancelled',
  'expired',
] as const;
export type GenerationState = (typeof generationStates)[number];

/** Why a generation failed, as clients are told. */
export type FailureReason = ImageFailureReason | 'storage-full' | 'uncertain';

export const pictureVariants = ['thumb', 'display', 'original'] as const;
export type PictureVariant = (typeof pictureVariants)[number];

/** A stored variant of a picture. */
export interface PictureFile {
  variant: PictureVariant;
  storageKey: string;
  type: 'image/png' | 'image/webp' | 'image/jpeg';
  bytes: number;
  width: number;
  height: number;
  sha256: string;
}

/** A generation as its person sees it; see `docs/images.md`. */
export interface Generation {
  id: string;
  status: GenerationState;
  reason?: FailureReason;
  model: string;
  prompt: string;
  width: number;
  height: number;
  count: number;
  seed: number;
  /** In the line, from 1, while it is queued. */
  position?: number;
  /** Seconds until it is likely done. */
  etaSeconds?: number;
  progress: { done: number; total: number } | null;
  pictures: { index: number; width: number; height: number; aspectDiffers: boolean; variants: PictureVariant[] }[];
  /** Units charged; held ones until it ends. */
  units: number;
  /** It came after its end, and costs nothing. */
  late: boolean;
  cancelAsked: boolean;
  version: number;
  createdAt: string;
  startedAt?: string;
  endedAt?: string;
}

/** A picture that was decoded, checked and written again; see `inspect/`. */
export interface InspectedPicture {
  width: number;
  height: number;
  /** One colour, or nearly: what some providers give in place of a flagged picture. */
  isBlank: boolean;
  /** Written again: without metadata, upright, sRGB. */
  files: { variant: PictureVariant; type: PictureFile['type']; width: number; height: number; content: Buffer }[];
}

/** What makes bytes of a stranger a picture. */
export interface PictureInspector {
  /** @throws Problem picture-too-large, not-a-picture, too-many-pixels, picture-dimensions */
  inspect(content: Buffer, signal?: AbortSignal): Promise<InspectedPicture>;
  /**
   * The same checks; the picture as a JPEG, for where nothing else is taken. Transparent parts become white.
   * @throws as `inspect`
   */
  toJpeg(content: Buffer, signal?: AbortSignal): Promise<{ width: number; height: number; content: Buffer }>;
}
