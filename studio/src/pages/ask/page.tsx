// Ask: questions about a picture or clip, ranked answers, and where the model looked.

import { useQuery } from '@tanstack/react-query';
import { client } from '../../api/client.js';
import type { PageProps } from '../../app/pages.js';
import { go, usePlace } from '../../app/place.js';
import { type Media, mediaOf } from '../../parts/media.js';
import { PageFrame } from '../../parts/page.js';
import { ErrorState, LoadingLines } from '../../parts/states.js';
import { Conversation } from './conversation.js';
import { type Asking, addressOf, askingOf } from './place.js';
import { Start } from './start.js';

export default function AskPage(_: PageProps) {
  const asking = askingOf(usePlace().query);
  const { media } = asking;
  const pick = (picked: Media) => go(addressOf({ ...asking, media: picked }));
  return (
    <PageFrame title="Ask" about={media ? undefined : 'Choose a picture or clip and ask about it, in plain words.'}>
      {!media ? (
        <Start onPick={pick} />
      ) : 'upload' in media.ref ? (
        <Conversation asking={{ ...asking, media }} />
      ) : (
        <OfLibrary asking={asking} {...media.ref} />
      )}
    </PageFrame>
  );
}

interface OfLibraryProps {
  readonly asking: Asking;
  readonly library: string;
  readonly item: string;
}

/** Looks first whether it is a picture or a clip. */
function OfLibrary({ asking, library, item }: OfLibraryProps) {
  const { data, error, refetch } = useQuery({
    queryKey: ['item', library, item],
    queryFn: ({ signal }) => client.item(library, item, signal),
  });
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <LoadingLines lines={8} />;
  return <Conversation asking={{ ...asking, media: mediaOf(data) }} />;
}
