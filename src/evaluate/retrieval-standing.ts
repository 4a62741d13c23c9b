// Ranks as recalls, with what they are to be read against.

import {
  chanceRecalls,
  meanIntervals,
  medianInterval,
  type RetrievalRanks,
  recallsAt,
  shareInterval,
} from './metric/index.js';
import { figuresOfWays, isRank, type Standing, type Ways } from './scores.js';

export const waysOf = ({ textToMedia, mediaToText }: RetrievalRanks): Ways => ({
  textToMedia: recallsAt(textToMedia),
  mediaToText: recallsAt(mediaToText),
});

/** What chance gives, and how sure each figure is: captions of one item stand and fall together. @param owner  i32 [texts]: the item of each */
export function retrievalStanding(ranks: RetrievalRanks, owner: Int32Array): Readonly<Record<string, Standing>> {
  const items = [...ranks.mediaToText.keys()];
  const captions = new Map<number, number>();
  for (const item of owner) captions.set(item, (captions.get(item) ?? 0) + 1);
  const chance = new Map(
    figuresOfWays({
      textToMedia: chanceRecalls(
        Array.from(owner, () => 1),
        items.length,
      ),
      mediaToText: chanceRecalls(
        items.map((item) => captions.get(item) as number),
        owner.length,
      ),
    }),
  );
  const groups = { textToMedia: owner, mediaToText: Int32Array.from(items) };
  return Object.fromEntries(
    figuresOfWays(waysOf(ranks)).map(([name]): [string, Standing] => {
      const [way, figure] = name.split(' ') as [keyof Ways, string];
      const values = ranks[way];
      const interval = intervalOf(figure, values, groups[way]);
      return [name, { n: values.length, interval, baselines: { chance: chance.get(name) as number } }];
    }),
  );
}

function intervalOf(figure: string, ranks: Float64Array, groups: Int32Array): Standing['interval'] {
  if (!isRank(figure)) {
    const k = Number(figure.slice('R@'.length));
    return shareInterval(
      ranks.map((rank) => Number(rank <= k)),
      groups,
    );
  }
  return figure === 'meanRank'
    ? (meanIntervals([{ values: ranks, groups }])[0] as Standing['interval'])
    : medianInterval(ranks, groups);
}
