/** Providers of pictures. */
export const imageProviderNames = ['local', 'fal', 'runpod', 'openai'] as const;
export type ImageProviderName = (typeof imageProviderNames)[number];
