// Ask: questions about a picture or clip, ranked answers, and where the model looked.

import type { PageProps } from '../../app/pages.js';
import { go, usePlace } from '../../app/place.js';
import { PageFrame } from '../../parts/page.js';
import { Conversation } from './conversation.js';
import { addressOf, askingOf } from './place.js';
import { Start } from './start.js';

export default function AskPage(_: PageProps) {
  const asking = askingOf(usePlace().query);
  const { media } = asking;
  return (
    <PageFrame title="Ask" about={media ? undefined : 'Choose a picture or clip and ask about it, in plain words.'}>
      {media ? (
        <Conversation asking={{ ...asking, media }} />
      ) : (
        <Start onPick={(picked) => go(addressOf({ ...asking, media: picked }))} />
      )}
    </PageFrame>
  );
}
