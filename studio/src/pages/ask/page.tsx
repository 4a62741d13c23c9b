// Ask: Ask questions about a picture or clip.

import type { PageProps } from '../../app/pages.js';
import { PageFrame } from '../../parts/page.js';
import { EmptyState } from '../../parts/states.js';

export default function AskPage(_: PageProps) {
  return (
    <PageFrame title="Ask" about="Ask questions about a picture or clip.">
      <EmptyState title="Nothing here yet">This page is being made.</EmptyState>
    </PageFrame>
  );
}
