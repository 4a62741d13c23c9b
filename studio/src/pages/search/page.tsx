// Search.

import type { PageProps } from '../../app/pages.js';
import { PageFrame } from '../../parts/page.js';
import { EmptyState } from '../../parts/states.js';

export default function SearchPage(_: PageProps) {
  return (
    <PageFrame title="Search">
      <EmptyState title="Nothing here yet">This page is being made.</EmptyState>
    </PageFrame>
  );
}
