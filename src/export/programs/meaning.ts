// What the inputs and outputs of exported programs mean, in words: one line for all that are named alike.

/** A name, or how a family of names begins and what stands for the rest. */
interface Meaning {
  readonly name: string;
  readonly family?: string;
  readonly text: string;
}

const PARAMETERS = 'what trains, by its name in `weights.safetensors`';

const input: readonly Meaning[] = [
  { name: 'image', text: 'images or frames, preprocessed as above' },
  { name: 'tokens', text: 'encoded images, `tokens` of the image encoder' },
  { name: 'ids', text: 'token ids of texts, `[CLS] … [SEP]`, padded; programs put `[ENC]` first where it belongs' },
  { name: 'mask', text: '1 where there is something to see, 0 for padding' },
  { name: 'rows', text: 'which image of `tokens` each text is held against' },
  { name: 'textFeature', text: 'features of the texts; frames are weighed by them' },
  {
    name: 'states',
    text: 'what is answered or described: `states` of the question encoder, `tokens` of the image encoder',
  },
  { name: 'question/ids', text: 'token ids of questions, `[CLS] … [SEP]`, padded' },
  { name: 'question/mask', text: '1 for a token, 0 for padding' },
  { name: 'question/media', text: 'which image each question is about' },
  { name: 'answer/ids', text: 'token ids of answers, `[CLS] … [SEP]`, padded; `[CLS]` is read as `[DEC]`' },
  { name: 'answer/mask', text: '1 for a token, 0 for padding' },
  { name: 'answer/question', text: 'which question each answer belongs to' },
  { name: 'answer/weight', text: 'how much each answer counts; 0 leaves it out' },
  { name: 'caption/ids', text: 'token ids of prompt and caption, `[CLS] … [SEP]`, padded; `[CLS]` is read as `[DEC]`' },
  { name: 'caption/mask', text: '1 for a token, 0 for padding' },
  { name: 'token', text: 'the last token of each text that is written; the first is `[DEC]`' },
  { name: 'parents', text: 'which row of the step before each row continues' },
  { name: 'position', text: 'place of `token` in the text, from 0' },
  { name: 'seen/', family: 'layer/keys, values', text: 'outputs of `decoder-memory`' },
  { name: 'cache/', family: 'layer/keys, values', text: 'outputs of the step before; zeros at first' },
  { name: 'index', text: 'number of each image: several texts of one image are all right' },
  { name: 'noise/', family: 'image, text', text: 'Gumbel noise by which negatives are drawn; zeros take the hardest' },
  {
    name: 'alpha',
    text: 'share of the soft targets; grows from 0 to `retrieval.alpha` of the recipe in the first epoch',
  },
  { name: 'mu', text: 'rate of the moving averages, `retrieval.momentum` of the recipe' },
  { name: 'queue/index', text: 'numbers of the images in the queue; −100 where nothing is written yet' },
  { name: 'queue/', family: 'image, text', text: 'features of earlier batches, unit vectors; noise at first' },
  { name: 'momentum/', family: 'parameter', text: 'moving averages; the parameters themselves at first' },
  { name: 'gradient/', family: 'parameter', text: 'outputs of `train-gradients`' },
  { name: 'first/', family: 'parameter', text: 'running mean of gradients; zeros at first' },
  { name: 'second/', family: 'parameter', text: 'running mean of their squares; zeros at first' },
  { name: 'learningRate', text: 'learning rate' },
  { name: 'correction1', text: '1 − β₁ⁿ, n the number of the step from 1' },
  { name: 'correction2', text: '√(1 − β₂ⁿ)' },
];

const output: readonly Meaning[] = [
  { name: 'tokens', text: 'what texts look at' },
  { name: 'feature', text: 'unit vectors: dot products with those of the other kind are similarities' },
  { name: 'logit', text: 'how well each pair matches; larger is better' },
  { name: 'frameWeights', text: 'how much each frame was looked at, 1 on average' },
  { name: 'states', text: 'questions that have looked at their images' },
  { name: 'logProbs', text: 'log-probability of every word as the next' },
  { name: 'loss', text: 'negative log-likelihood of each answer, summed over its tokens' },
  { name: 'seen/', family: 'layer/keys, values', text: 'inputs of `decoder-step`' },
  { name: 'cache/', family: 'layer/keys, values', text: 'inputs of the next step' },
  { name: 'total', text: 'weighted sum of the losses' },
  { name: 'loss/', family: 'name', text: 'a loss, unweighted' },
  { name: 'queue/', family: 'image, text', text: 'features of this batch, to be written into the queue' },
  { name: 'momentum/', family: 'parameter', text: 'the new moving averages' },
  { name: 'gradient/', family: 'parameter', text: 'gradients of `total`' },
  { name: 'first/', family: 'parameter', text: 'the new running mean of gradients' },
  { name: 'second/', family: 'parameter', text: 'the new running mean of their squares' },
];

const meanings = { input, output } as const;
export type Side = keyof typeof meanings;

export interface Described {
  /** The name, or what a family is called: `gradient/{parameter}`. */
  readonly label: string;
  readonly text: string;
}

/** What a name means; names that nothing else is known about are parameters. */
export function described(name: string, side: Side): Described {
  const found = meanings[side].find(({ name: known, family }) => (family ? name.startsWith(known) : name === known));
  if (!found) return { label: '{parameter}', text: PARAMETERS };
  const { name: known, family, text } = found;
  return { label: family ? `${known}{${family}}` : known, text };
}
