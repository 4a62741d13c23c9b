// The datasets that can be read, by the names under which recipes know them.

export const FORMATS = ['manifest', 'coco', 'flickr30k', 'msrvtt', 'didemo', 'msrvtt-qa', 'vqav2'] as const;
export type FormatName = (typeof FORMATS)[number];
