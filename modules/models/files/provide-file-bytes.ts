import { defineProvider } from '../../../platform/runtime/boot.ts';
import { GATEWAY_FILE_BYTES } from '../variables.ts';

/** Bytes that one file may have. */
export const fileBytes = defineProvider([GATEWAY_FILE_BYTES], (_, settings) => settings.GATEWAY_FILE_BYTES);
