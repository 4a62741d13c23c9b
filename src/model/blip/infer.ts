// The sizes of a checkpoint that has no configuration beside it, as the original files have none, told from its shapes.

import { fail } from '../../error/index.js';
import type { BlipConfig } from './config.js';

type Shapes = ReadonlyMap<string, readonly number[]>;

/** What all published sizes of ViT and BERT have: D = 64 · H. */
const HEAD_WIDTH = 64;

/**
 * @param shapes  by the original names
 * @throws parameter  naming what is missing or has other axes; recipe when heads cannot be told
 */
export function inferSizes(shapes: Shapes, where: string): Pick<BlipConfig, 'vision' | 'text' | 'projection'> {
  const text = shapes.has('text_encoder.embeddings.word_embeddings.weight') ? 'text_encoder' : 'text_decoder.bert';
  const dimension = dimensionsOf(shapes, where);
  const [patch, positions] = [
    dimension('visual_encoder.patch_embed.proj.weight', 3),
    dimension('visual_encoder.pos_embed', 1),
  ];
  const visionWidth = dimension('visual_encoder.pos_embed', 2);
  const textWidth = dimension(`${text}.embeddings.word_embeddings.weight`, 1);
  return {
    vision: {
      imageSize: Math.round(Math.sqrt(positions - 1)) * patch,
      patch,
      width: visionWidth,
      layers: layersOf(shapes, 'visual_encoder.blocks.'),
      heads: headsOf(visionWidth, where),
      mlp: dimension('visual_encoder.blocks.0.mlp.fc1.weight', 0),
      eps: 1e-6,
    },
    text: {
      vocabulary: dimension(`${text}.embeddings.word_embeddings.weight`, 0),
      positions: dimension(`${text}.embeddings.position_embeddings.weight`, 0),
      width: textWidth,
      layers: layersOf(shapes, `${text}.encoder.layer.`),
      heads: headsOf(textWidth, where),
      mlp: dimension(`${text}.encoder.layer.0.intermediate.dense.weight`, 0),
      eps: 1e-12,
    },
    projection: shapes.get('vision_proj.weight')?.[0] ?? 256,
  };
}

const dimensionsOf =
  (shapes: Shapes, where: string) =>
  (path: string, axis: number): number =>
    shapes.get(path)?.[axis] ??
    fail('parameter', {
      where,
      what: 'is no BLIP: the sizes of its towers cannot be told',
      got: shapes.has(path) ? `${path} of ${shapes.get(path)?.length} axes` : `no ${path}`,
      fix: 'give a checkpoint of BLIP with both towers',
    });

function layersOf(shapes: Shapes, prefix: string): number {
  const numbers = [...shapes.keys()]
    .filter((path) => path.startsWith(prefix))
    .map((path) => Number.parseInt(path.slice(prefix.length), 10));
  return Math.max(-1, ...numbers) + 1;
}

const headsOf = (width: number, where: string): number =>
  width % HEAD_WIDTH === 0
    ? width / HEAD_WIDTH
    : fail('recipe', {
        where,
        what: 'how many heads there are cannot be told from the file',
        got: `width ${width}`,
        expected: `a multiple of ${HEAD_WIDTH}`,
        fix: 'put a config.json as Hugging Face’s beside it',
      });
