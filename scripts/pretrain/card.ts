// The shipped backbone's card: what it is made of, how, and how good it is at what.

import {
  evaluateAnswering,
  evaluateCaptioning,
  evaluateRetrieval,
  type Looking,
  type Stages,
  stagesOf,
} from '../../src/evaluate/index.js';
import type { BackboneInfo } from '../../src/format/index.js';
import type { LoadedModel } from '../../src/model/index.js';
import { answers, CHANCE, type DomainName, type Mode, type QuestionType } from '../../src/world/index.js';
import { withFirstCaption, withQuestions } from './joint.js';
import { info } from './sizes.js';
import type { PretrainWorld } from './world.js';

interface Gallery {
  readonly name: string;
  readonly domain: DomainName;
  readonly mode: Mode;
}

const galleries: readonly Gallery[] = [
  { name: 'its own domain: Noto', domain: 'noto', mode: 'train' },
  { name: 'Noto, noun and colour pairs never trained together', domain: 'noto', mode: 'composition' },
  { name: 'a domain never seen: Fluent 3D, 41 new nouns', domain: 'fluent3d', mode: 'train' },
];
const COUNT = 500;

export interface CardOptions {
  readonly world: PretrainWorld;
  readonly looking: Omit<Looking, 'onProgress'>;
  /** One line of Markdown a stage. */
  readonly stages: readonly string[];
  readonly seed: number;
}

export interface Card {
  /** Markdown. */
  readonly text: string;
  /** What the description records: both stages of retrieval in a domain never seen. */
  readonly unseen: BackboneInfo['unseen'];
}

/** Measures a model on galleries of scenes it has not seen, and describes it. */
export async function card(model: LoadedModel, options: CardOptions): Promise<Card> {
  const measured = await Promise.all(galleries.map((gallery) => measure(model, gallery, options)));
  const { name: what, stages } = measured.at(-1) as (typeof measured)[number];
  return { text: cardText(model, measured, options), unseen: { what, ...(stages as Stages) } };
}

function cardText(
  model: LoadedModel,
  measured: readonly Awaited<ReturnType<typeof measure>>[],
  options: Pick<CardOptions, 'seed' | 'stages'>,
): string {
  const parameters = Object.values(model.weights).reduce((n, { length }) => n + length, 0);
  const types = Object.keys(measured[0]?.byType ?? {}) as QuestionType[];
  const percent = (value: number | undefined) => (value ?? 0).toFixed(1);
  return `# ${info.name}

A BLIP backbone of ${parameters.toLocaleString('en-US')} parameters that reads ${info.vision.imageSize}-pixel pictures and finds, answers and captions. Trained from
nothing by \`npm run pretrain\` (seed ${options.seed}) with the project's own method \`full\`; the log is pretrain.jsonl, the recipe of each stage is
in scripts/pretrain/run.ts:

${options.stages.map((line) => `- ${line}`).join('\n')}

What it sees:

${(info.sees ?? []).map((line) => `- ${line}`).join('\n')}

Retrieval among ${COUNT} pictures by their complete captions, R@1 / R@5 / R@10 in percent, 16 candidates re-ranked:

| gallery | text → image | image → text | text → image by similarity alone |
|---|---|---|---|
${measured.map(({ name, recalls }) => `| ${name} | ${recalls.join(' | ')} |`).join('\n')}

In the domain never seen re-ranking puts right pictures behind others, so by the backbone alone search does not re-rank unless asked to.

Answers to questions about the same pictures, percent right; *chance* is the best guess of somebody who hears the question only:

| question | chance | ${measured.map(({ name }) => name).join(' | ')} |
|---|---|${measured.map(() => '---').join('|')}|
${types.map((type) => `| ${type} | ${percent(100 * CHANCE[type])} | ${measured.map(({ byType }) => percent(byType[type])).join(' | ')} |`).join('\n')}
| all | | ${measured.map(({ accuracy }) => percent(accuracy)).join(' | ')} |

Captions, compared with five each: CIDEr ${measured.map(({ name, CIDEr }) => `${percent(CIDEr)} (${name})`).join(', ')}.

${(info.notices ?? []).map((notice) => `- ${notice}`).join('\n')}
`;
}

async function measure(model: LoadedModel, { name, domain, mode }: Gallery, { world, looking }: CardOptions) {
  const set = world.gallery({ count: COUNT, split: 'test', domain, mode });
  const retrieval = await evaluateRetrieval(model, withFirstCaption(set), {
    ...{ ...looking, rerank: 16, similarityWeight: 0 },
  });
  const inference = { by: 'rank', candidates: answers(domain, 'image'), k: 64 } as const;
  const { scores: answering } = await evaluateAnswering(model, withQuestions(set), { ...looking, inference });
  const how = { ...looking, prompt: 'a picture of ', beams: 3, maxLength: 30, minLength: 5 };
  const { scores: captioning } = await evaluateCaptioning(model, set, how);
  const { textToMedia, mediaToText, firstStage } = retrieval.scores;
  const recalls = [textToMedia, mediaToText, firstStage.textToMedia].map((way) =>
    (['R@1', 'R@5', 'R@10'] as const).map((key) => way[key]?.toFixed(1)).join(' / '),
  );
  return {
    name,
    stages: stagesOf(retrieval.scores),
    recalls,
    byType: answering?.byType ?? {},
    accuracy: answering?.accuracy,
    CIDEr: captioning.CIDEr,
  };
}
