// World: Draw scenes and see what the model says.

import type { PageProps } from '../../app/pages.js';
import { PageFrame } from '../../parts/page.js';
import { EmptyState } from '../../parts/states.js';

export default function WorldPage(_: PageProps) {
  return (
    <PageFrame title="World" about="Draw scenes and see what the model says.">
      <EmptyState title="Nothing here yet">This page is being made.</EmptyState>
    </PageFrame>
  );
}
