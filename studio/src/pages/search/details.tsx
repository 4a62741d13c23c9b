// One picture or clip in full: large, with what is known of it and what can be done with it.

import { ActionIcon, Button, Drawer, Stack, Text, Title, UnstyledButton } from '@mantine/core';
import { useReducedMotion } from '@mantine/hooks';
import { type KeyboardEvent, useState } from 'react';
import type { Hit, LibraryItem } from '../../../../src/server/schema/index.js';
import { Link } from '../../app/link.js';
import { address } from '../../app/place.js';
import { Facts } from '../../parts/facts.js';
import { ago, percent, size } from '../../parts/format.js';
import { FrameWeights } from '../../parts/frame-weights.js';
import { AskIcon, BackIcon, CaptionIcon, NextIcon, PauseIcon, PlayIcon, SimilarIcon } from '../../parts/icons.js';
import { type Media, mediaOf, refText } from '../../parts/media.js';
import { Picture } from '../../parts/picture.js';
import { keyOf } from './caption-hits.js';
import { captionsFor, moreLike } from './hits.js';
import { type SearchPlace, search } from './place.js';
import classes from './search.module.css';

export interface Entry {
  /** Tells it apart from the others of the page. */
  readonly key: string;
  readonly item: LibraryItem;
  /** Where it was found by a search. */
  readonly hit?: Hit;
}

export const entryOf = (hit: Hit): Entry => ({ key: keyOf(hit), item: hit.item, hit });

export interface DetailsProps {
  readonly place: SearchPlace;
  /** All of the page, in order. */
  readonly entries: readonly Entry[];
  /** Key of the entry that is shown; null shows nothing. */
  readonly opened: string | null;
  readonly onOpen: (key: string | null) => void;
}

export function Details({ place, entries, opened, onOpen }: DetailsProps) {
  const at = entries.findIndex(({ key }) => key === opened);
  const entry = entries[at];
  const turn = (by: number) => {
    const next = entries[at + by];
    if (next) onOpen(next.key);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by) turn(by);
  };
  return (
    <Drawer
      opened={entry !== undefined}
      onClose={() => onOpen(null)}
      position="right"
      size="42rem"
      padding="lg"
      title={entry && <Head name={entry.item.path} at={at} all={entries.length} onTurn={turn} />}
      classNames={{ title: classes.title }}
      onKeyDown={onKeyDown}
    >
      {entry && (
        <>
          <Actions place={place} item={entry.item} onDone={() => onOpen(null)} />
          <Body key={entry.item.id} place={place} entry={entry} onDone={() => onOpen(null)} />
        </>
      )}
    </Drawer>
  );
}

interface HeadProps {
  readonly name: string;
  /** Which of them it is, from 0. */
  readonly at: number;
  readonly all: number;
  readonly onTurn: (by: number) => void;
}

function Head({ name, at, all, onTurn }: HeadProps) {
  return (
    <div className={classes.head}>
      <Text span className={classes.path}>
        {name}
      </Text>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label="The one before"
        disabled={at === 0}
        onClick={() => onTurn(-1)}
      >
        <BackIcon />
      </ActionIcon>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label="The next one"
        disabled={at === all - 1}
        onClick={() => onTurn(1)}
      >
        <NextIcon />
      </ActionIcon>
    </div>
  );
}

interface ActionsProps {
  readonly place: SearchPlace;
  readonly item: LibraryItem;
  readonly onDone: () => void;
}

function Actions({ place, item, onDone }: ActionsProps) {
  const then = (act: () => void) => () => {
    onDone();
    act();
  };
  return (
    <div className={classes.detailActions}>
      <Button variant="default" leftSection={<SimilarIcon size={18} />} onClick={then(() => moreLike(place, { item }))}>
        More like this
      </Button>
      <Button
        variant="default"
        leftSection={<CaptionIcon size={18} />}
        onClick={then(() => captionsFor(place, { item }))}
      >
        Captions for this
      </Button>
      <Button
        component={Link}
        to={address('/ask', { media: refText(mediaOf(item).ref) })}
        variant="default"
        leftSection={<AskIcon size={18} />}
      >
        Ask
      </Button>
    </div>
  );
}

interface BodyProps {
  readonly place: SearchPlace;
  readonly entry: Entry;
  readonly onDone: () => void;
}

function Body({ place, entry: { item, hit }, onDone }: BodyProps) {
  const media = mediaOf(item);
  return (
    <Stack gap="lg">
      <Large media={media} alt={hit?.caption ?? item.captions[0] ?? item.path} />
      {hit && <Scores hit={hit} />}
      {hit?.frameWeights && (
        <section>
          <Title order={3} size="h5" mb="xs">
            How much each frame counted
          </Title>
          <FrameWeights media={media} weights={hit.frameWeights} />
        </section>
      )}
      {item.captions.length > 0 && (
        <section>
          <Title order={3} size="h5" mb={4}>
            Captions that came with it
          </Title>
          {item.captions.map((caption) => (
            <UnstyledButton
              key={caption}
              className={classes.caption}
              title="Search for this"
              onClick={() => {
                onDone();
                search(place, { text: caption, like: null, find: 'media' });
              }}
            >
              {caption}
            </UnstyledButton>
          ))}
        </section>
      )}
      <Facts
        facts={[
          ['Library', item.library],
          ['Kind', item.kind === 'video' ? 'clip' : 'picture'],
          ['Size', size(item.bytes)],
          ['Changed', ago(item.modified)],
        ]}
      />
    </Stack>
  );
}

/** A clip plays unless the reader wants things to stand still. */
function Large({ media, alt }: { readonly media: Media; readonly alt: string }) {
  const isStill = useReducedMotion(false, { getInitialValueInEffect: false });
  const [chosen, setPlaying] = useState<boolean | null>(null);
  const isPlaying = chosen ?? !isStill;
  return (
    <div className={classes.large}>
      <Picture media={media} alt={alt} size={620} fit="contain" isPlaying={isPlaying} />
      {media.kind === 'video' && (
        <ActionIcon
          variant="default"
          size="lg"
          className={classes.play}
          aria-label={isPlaying ? 'Stop the clip' : 'Play the clip'}
          onClick={() => setPlaying(!isPlaying)}
        >
          {isPlaying ? <PauseIcon /> : <PlayIcon />}
        </ActionIcon>
      )}
    </div>
  );
}

function Scores({ hit }: { readonly hit: Hit }) {
  const belongs = hit.probability === null ? 'not looked at again' : percent(hit.probability);
  return (
    <Facts
      facts={[
        ['Rank', hit.rank],
        ['Rank by similarity', hit.firstRank],
        ['Similarity', hit.similarity.toFixed(4)],
        ['Belongs together', belongs],
      ]}
    />
  );
}
