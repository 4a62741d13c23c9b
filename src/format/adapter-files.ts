// What an adapter folder has, by name.

/** The files of an adapter folder (docs/formats.md), and whether it is no adapter without them. */
export const ADAPTER_FILES = {
  'adapter.json': true,
  'adapter.safetensors': true,
  'answers.json': false,
  'README.md': false,
} as const;
