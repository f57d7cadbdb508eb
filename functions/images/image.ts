import { z } from '@hono/zod-openapi';
import {
  type FailureReason,
  type Generation,
  generationStates,
  pictureVariants,
} from '../../modules/pictures/contract.ts';
import { picturePath } from '../../modules/pictures/picture-path.ts';
import { reasonTexts } from '../../modules/pictures/reason-texts.ts';
import type { Language } from '../../platform/kernel/problem.ts';

const place = z.string().openapi({ example: '/api/images/5f0c2f4e-8a52-4d0e-9d8e-0a4a3c1d2b11/pictures/0/display' });

export const imageSchema = z
  .strictObject({
    id: z.uuid(),
    status: z.enum(generationStates).openapi({
      description:
        '`queued`, `submitting`, `waiting`, `running` and `storing` are on the way; `done`, `failed`, `refused`, `cancelled` and `expired` are ends. A picture that comes after `failed` or `expired` makes it `done`, free of charge.',
    }),
    reason: z
      .strictObject({ code: z.string(), message: z.string() })
      .nullable()
      .openapi({ description: 'Why there is no picture, in the language of Accept-Language' }),
    model: z.string(),
    prompt: z.string(),
    width: z.int(),
    height: z.int(),
    count: z.int().openapi({ description: 'Pictures that were asked for' }),
    seed: z.int(),
    position: z.int().nullable().openapi({ description: 'Place in the line, from 1, while it is `queued`' }),
    etaSeconds: z.number().nullable().openapi({ description: 'Seconds until it is likely done' }),
    progress: z.strictObject({ done: z.number(), total: z.number() }).nullable(),
    pictures: z.array(
      z.strictObject({
        index: z.int(),
        width: z.int(),
        height: z.int(),
        aspectDiffers: z
          .boolean()
          .openapi({ description: 'Its ratio differs by more than 5 % from the one asked for' }),
        files: z.partialRecord(z.enum(pictureVariants), place),
      }),
    ),
    units: z.int().openapi({ description: 'Units charged; those held until it ends' }),
    late: z.boolean().openapi({ description: 'It came after its end, and costs nothing' }),
    cancelAsked: z.boolean(),
    version: z.int().openapi({ description: 'Grows with each change' }),
    createdAt: z.iso.datetime(),
    startedAt: z.iso.datetime().nullable(),
    endedAt: z.iso.datetime().nullable(),
  })
  .openapi('Image');

export type Image = z.output<typeof imageSchema>;

/** A generation as clients see it. */
export function toImage(generation: Generation, language: Language): Image {
  const { id, reason, position, etaSeconds, startedAt, endedAt, pictures, ...rest } = generation;
  return {
    id,
    ...rest,
    reason: reason === undefined ? null : describe(reason, language),
    position: position ?? null,
    etaSeconds: etaSeconds ?? null,
    startedAt: startedAt ?? null,
    endedAt: endedAt ?? null,
    pictures: pictures.map(({ variants, ...picture }) => ({
      ...picture,
      files: Object.fromEntries(variants.map((variant) => [variant, picturePath(id, picture.index, variant)])),
    })),
  };
}

const describe = (code: FailureReason, language: Language) => ({ code, message: reasonTexts[code][language] });
