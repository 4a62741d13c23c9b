// What a method is where nobody says otherwise: of recipes, of the functions in src/model/adapter, of the documentation.

export const METHOD_DEFAULTS = {
  uniadapter: {
    bottleneck: 128,
    layerNorm: 'in',
    scale: 0.1,
    modalities: ['visual', 'text', 'cross'],
    sharing: 'partial',
    queryResidual: true,
    keyValue: null,
  },
  lora: { rank: 8, alpha: 16 },
  bottleneck: { bottleneck: 64 },
} as const;
