// The names that the same weights have elsewhere: Hugging Face's, and those of training checkpoints of BLIP and of
// UniAdapter's release, which carry twins, queues and aliases. Ours are the original BLIP's.
// https://github.com/huggingface/transformers/blob/main/src/transformers/models/blip/convert_blip_original_pytorch_to_hf.py

/** What a checkpoint's tensor is to us. */
export type Meaning =
  | { readonly of: 'backbone' | 'adapter'; readonly path: string }
  /** Left over from training, or computed from others. */
  | { readonly of: 'nothing' };

/** What wraps a model puts before its names: DistributedDataParallel, `torch.compile`, Lightning; one inside the other. */
const WRAPPERS = /^((module|_orig_mod|model)\.)+/;

/** What the tensor of this name in a checkpoint is. */
export function meaningOf(name: string): Meaning {
  const key = name.replace(WRAPPERS, '');
  if (isLeftOver(key)) return { of: 'nothing' };
  const adapter = adapterPath(key);
  return adapter ? { of: 'adapter', path: adapter } : { of: 'backbone', path: originalPath(key) };
}

/** Momentum twins; queues; numbers of positions; the LM head's bias under its second name; adapters that nothing uses. */
const isLeftOver = (key: string): boolean =>
  /^[a-z_]+_m\./.test(key) ||
  /^((image|text|idx|ptr)_queue|queue_ptr)$/.test(key) ||
  /\.position_ids$/.test(key) ||
  key === 'text_decoder.cls.predictions.decoder.bias' ||
  key.startsWith('adapters_dec.');

/** The release registers one adapter at several places. */
const ADAPTER_PLACES = [
  /^(?:visual_encoder\.)?adapters\.(\d+)\.(.+)$/,
  /^visual_encoder\.blocks\.(\d+)\.adapter\.(.+)$/,
  /^text_encoder\.encoder\.layer\.(\d+)\.adapter\.(.+)$/,
  /^text_decoder\.bert\.encoder\.layer\.(\d+)\.adapter\.(.+)$/,
];

function adapterPath(key: string): string | null {
  if (/\.encoder\.video_(key|value)_adapter\./.test(key)) return key;
  for (const place of ADAPTER_PLACES) {
    const [, layer, rest] = place.exec(key) ?? [];
    if (rest) return `adapters.${layer}.${rest}`;
  }
  return null;
}

/** Every place at which the release has the adapter's tensor `adapters.{i}.…`. @param decoder whether there is one */
export function releaseAliases(path: string, decoder: boolean): readonly string[] {
  const [, layer, rest] = /^adapters\.(\d+)\.(.+)$/.exec(path) ?? [];
  if (!rest) return [path];
  return [
    path,
    `visual_encoder.${path}`,
    `visual_encoder.blocks.${layer}.adapter.${rest}`,
    `text_encoder.encoder.layer.${layer}.adapter.${rest}`,
    ...(decoder ? [`text_decoder.bert.encoder.layer.${layer}.adapter.${rest}`] : []),
  ];
}

const VISION_NAMES: ReadonlyMap<string, string> = new Map([
  ['embeddings.class_embedding', 'cls_token'],
  ['embeddings.position_embedding', 'pos_embed'],
  ['embeddings.patch_embedding', 'patch_embed.proj'],
  ['post_layernorm', 'norm'],
]);

const BLOCK_NAMES: ReadonlyMap<string, string> = new Map([
  ['layer_norm1', 'norm1'],
  ['layer_norm2', 'norm2'],
  ['self_attn.qkv', 'attn.qkv'],
  ['self_attn.projection', 'attn.proj'],
  ['mlp.fc1', 'mlp.fc1'],
  ['mlp.fc2', 'mlp.fc2'],
]);

/** Hugging Face renamed the vision tower; the rest is as it was. */
function originalPath(key: string): string {
  const rest = key.startsWith('vision_model.') ? key.slice('vision_model.'.length) : null;
  if (rest === null) return key;
  const [, layer, module = rest, part = ''] =
    /^encoder\.layers\.(\d+)\.(.+?)(\.weight|\.bias)$/.exec(rest) ?? /^()(.+?)(\.weight|\.bias)?$/.exec(rest) ?? [];
  const known = layer ? BLOCK_NAMES.get(module) : VISION_NAMES.get(module);
  if (!known) return key;
  return `visual_encoder.${layer ? `blocks.${layer}.` : ''}${known}${part}`;
}
