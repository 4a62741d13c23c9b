// The datasets that can be read, by the names under which recipes know them.

export const FORMATS = ['manifest', 'coco', 'flickr30k', 'msrvtt', 'didemo', 'msrvtt-qa', 'vqav2'] as const;
export type FormatName = (typeof FORMATS)[number];

/** The ways in which a dataset is cut into splits, where several are published; the first is the default. */
export const VARIANTS = {
  msrvtt: ['1k-A', '7k', 'full'],
  vqav2: ['server', 'val'],
} as const satisfies Partial<Record<FormatName, readonly string[]>>;
export type VariantName = (typeof VARIANTS)[keyof typeof VARIANTS][number];

export const variantsOf = (format: FormatName): readonly VariantName[] =>
  Object.hasOwn(VARIANTS, format) ? VARIANTS[format as keyof typeof VARIANTS] : [];
