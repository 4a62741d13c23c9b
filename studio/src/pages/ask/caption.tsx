// A caption that a model writes when it is asked to.

import { Button, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { NO_ADAPTER } from '../../api/queries.js';
import { useAble } from '../../parts/able.js';
import { AdapterSelect, titleOf } from '../../parts/adapter-select.js';
import { CaptionIcon } from '../../parts/icons.js';
import type { Media } from '../../parts/media.js';
import { ErrorState } from '../../parts/states.js';
import classes from './ask.module.css';
import { captionQuery } from './queries.js';

const WRITES = ['captioning'] as const;

export function Caption({ media, preferred }: { readonly media: Media; readonly preferred: string | null }) {
  const writers = useAble(WRITES) ?? [];
  const [chosen, choose] = useState<string | null>(null);
  const [isWanted, want] = useState(false);
  const writer = writers.find((name) => name === (chosen ?? preferred)) ?? writers[0];
  const caption = useQuery({ ...captionQuery(writer ?? NO_ADAPTER, media), enabled: isWanted && writer !== undefined });
  if (writer === undefined) return null;
  return (
    <div className={classes.captioning}>
      <div className={classes.writer}>
        <Button
          variant="default"
          leftSection={<CaptionIcon size={18} />}
          onClick={() => want(true)}
          loading={caption.isFetching}
        >
          Write a caption
        </Button>
        {writers.length > 1 && (
          <AdapterSelect label="Who writes" hideLabel tasks={WRITES} value={writer} onChange={choose} />
        )}
      </div>
      {caption.error && <ErrorState error={caption.error} onRetry={() => void caption.refetch()} />}
      {isWanted && caption.isPending && !caption.error && <Skeleton height={28} width="80%" />}
      {isWanted && caption.data !== undefined && (
        <figure className={classes.caption} aria-live="polite">
          <Text component="blockquote">{caption.data}</Text>
          <Text component="figcaption" size="xs" c="dimmed">
            {titleOf(writer)}
          </Text>
        </figure>
      )}
    </div>
  );
}
