// Help.

import type { PageProps } from '../../app/pages.js';
import { PageFrame } from '../../parts/page.js';
import { EmptyState } from '../../parts/states.js';

export default function HelpPage(_: PageProps) {
  return (
    <PageFrame title="Help">
      <EmptyState title="Nothing here yet">This page is being made.</EmptyState>
    </PageFrame>
  );
}
