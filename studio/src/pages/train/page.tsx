// Train: Teach an adapter on your own pictures and clips.

import type { PageProps } from '../../app/pages.js';
import { PageFrame } from '../../parts/page.js';
import { EmptyState } from '../../parts/states.js';

export default function TrainPage(_: PageProps) {
  return (
    <PageFrame title="Train" about="Teach an adapter on your own pictures and clips.">
      <EmptyState title="Nothing here yet">This page is being made.</EmptyState>
    </PageFrame>
  );
}
