// From names on a disk to a model that can run, with the preprocessing that belongs to it.

import { heads, type Method } from '../../adapter/index.js';
import type { Encode } from '../../data/index.js';
import type { Preprocess } from '../../image/index.js';
import { assemble, createModel, type LoadedModel } from '../../model/index.js';
import type { Recipe } from '../../recipe/index.js';
import { cleanCaption } from '../../text/index.js';
import { createOrtBackend } from '../ort.js';
import { methodFor, openAdapter } from '../store/adapter-folder.js';
import { type Backbone, openBackbone } from '../store/backbone.js';

export interface Ready {
  readonly backbone: Backbone;
  readonly model: LoadedModel;
  readonly encode: Encode;
  /** For testing; training may augment. */
  readonly preprocess: Preprocess;
  /** Whether the matching head belongs to these features: an adapter may have been trained without it. */
  readonly matches: boolean;
  /** β of the second stage. */
  readonly similarityWeight: number;
}

/** The part of a recipe's data section that decides what the model sees. */
export type Seeing = Pick<Recipe['data'], 'imageSize' | 'maxWords'>;

/** A model that starts to train: the backbone with a method's declared start. */
export async function loadFresh(
  { backbone: name, data, train, retrieval }: Pick<Recipe, 'backbone' | 'data' | 'train' | 'retrieval'>,
  method: Method,
): Promise<Ready> {
  const backbone = await openBackbone(name, data.imageSize);
  return ready(backbone, method, { ...data, ...retrieval }, (model) => {
    const weights = assemble(model, backbone.arrays, null, { seed: train.seed, where: backbone.folder });
    const { temperature } = retrieval;
    return temperature === null ? weights : { ...weights, temp: Float32Array.of(temperature) };
  });
}

/**
 * A model to evaluate or search with.
 *
 * @param adapter       an adapter folder, or null for the backbone alone
 * @param backboneName  default: the one the adapter names
 * @throws parameter  when the adapter was made for another backbone
 */
export async function loadTrained(adapter: string | null, backboneName?: string, seeing?: Seeing): Promise<Ready> {
  if (adapter === null) {
    const backbone = await openBackbone(backboneName ?? 'tiny', seeing?.imageSize);
    return ready(backbone, heads(), { maxWords: 30, ...seeing, matching: 1, similarityWeight: 0 }, (model) =>
      assemble(model, backbone.arrays, null, { seed: 0, where: backbone.folder }),
    );
  }
  const opened = await openAdapter(adapter);
  const { recipe, arrays } = opened;
  const sees = seeing ?? recipe.data;
  const backbone = await openBackbone(backboneName ?? recipe.backbone, sees.imageSize);
  return ready(backbone, methodFor(opened, backbone), { ...sees, ...recipe.retrieval }, (model) =>
    assemble(model, backbone.arrays, arrays, { seed: 0, where: adapter }),
  );
}

type Ranking = Pick<Recipe['data'], 'maxWords'> & Pick<Recipe['retrieval'], 'matching' | 'similarityWeight'>;

function ready(
  backbone: Backbone,
  method: Method,
  { maxWords, matching, similarityWeight }: Ranking,
  weigh: (model: ReturnType<typeof createModel>) => LoadedModel['weights'],
): Ready {
  const { info, config, tokenizer } = backbone;
  const { maxTokens, preprocess } = info;
  const model = createModel(config, method);
  return {
    backbone,
    model: { ...model, backend: createOrtBackend(), maxTokens, weights: weigh(model) },
    encode: (captions) =>
      tokenizer.encodeBatch(
        captions.map((caption) => cleanCaption(caption, maxWords)),
        maxTokens,
      ),
    preprocess: { size: config.vision.imageSize, mean: preprocess.mean, std: preprocess.std, augment: 'none' },
    matches: matching > 0,
    similarityWeight,
  };
}
