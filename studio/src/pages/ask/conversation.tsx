// One picture or clip with the questions about it and the answers.

import { Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { NO_ADAPTER } from '../../api/queries.js';
import { go } from '../../app/place.js';
import { useAble } from '../../parts/able.js';
import { AdapterPair } from '../../parts/adapter-pair.js';
import { titleOf } from '../../parts/adapter-select.js';
import { type Media, refText } from '../../parts/media.js';
import { MediaPicker } from '../../parts/picker.js';
import classes from './ask.module.css';
import { Caption } from './caption.js';
import { type Look, Looking } from './looking.js';
import { type Asking, addressOf } from './place.js';
import { answerQuery, remember, useAsked } from './queries.js';
import { Question } from './question.js';
import { History, Result } from './results.js';
import { Seen } from './seen.js';
import { suggestions } from './suggestions.js';

const ANSWERING = ['answering'] as const;

type AskingMedia = Asking & { readonly media: Media };

export function Conversation({ asking }: { readonly asking: AskingMedia }) {
  const { media, question } = asking;
  const queries = useQueryClient();
  const [look, setLook] = useState<Look>({ isShown: true, strength: 0.65, whose: 0 });
  const answering = useAnswerers(asking);
  const whose = answering[look.whose] ?? answering[0] ?? NO_ADAPTER;
  const { data: shown } = useQuery({ ...answerQuery(whose, media, question), enabled: false });
  const asked = useAsked(media);
  const change = (part: Partial<Asking>) => go(addressOf({ ...asking, ...part }), 'replace');
  useEffect(() => {
    if (question) remember(queries, media, question);
  }, [queries, media, question]);
  return (
    <div className={classes.conversation}>
      <div className={classes.seen}>
        <Seen media={media} answered={shown?.answered} strength={look.isShown ? look.strength : null} />
        {shown?.answered.attention && <Looking look={look} onChange={setLook} names={answering.map(titleOf)} />}
      </div>
      <div className={classes.talk}>
        <AdapterPair
          label="Who answers"
          tasks={ANSWERING}
          first={answering[0] ?? NO_ADAPTER}
          second={answering[1] ?? null}
          onChange={(adapter, second) => change({ adapter, second })}
        />
        <Question
          asked={question}
          suggestions={suggestions(media.kind, asked)}
          onAsk={(next) => change({ question: next })}
        />
        {question && (
          <div className={classes.results} aria-live="polite">
            {answering.map((adapter, i) => (
              <Result key={i} media={media} question={question} adapter={adapter} />
            ))}
          </div>
        )}
        <History
          media={media}
          questions={asked.filter((other) => other !== question)}
          adapters={answering}
          onChoose={(past) => change({ question: past })}
        />
        <div className={classes.another}>
          <Text size="sm" c="dimmed" mb={6}>
            Ask about another picture or clip
          </Text>
          <MediaPicker size="small" onPick={(picked) => go(addressOf({ ...asking, media: picked, question: '' }))} />
        </div>
      </div>
      <div className={classes.about}>
        <Text size="sm" c="dimmed">
          {media.name}
        </Text>
        <Caption key={refText(media.ref)} media={media} preferred={asking.adapter} />
      </div>
    </div>
  );
}

/**
 * Who answers: those that the address names, as far as they were trained to; otherwise the first that can.
 *
 * @returns nobody until it is known who can
 */
function useAnswerers({ adapter, second }: Asking): readonly string[] {
  const able = useAble(ANSWERING);
  if (!able) return [];
  const first = able.find((name) => name === adapter) ?? able[0] ?? NO_ADAPTER;
  return second === null ? [first] : [first, second];
}
