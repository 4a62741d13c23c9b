// An address that no page has.

import { Button } from '@mantine/core';
import { PageFrame } from '../parts/page.js';
import { EmptyState } from '../parts/states.js';
import { Link } from './link.js';

export function Unknown() {
  return (
    <PageFrame title="No such page">
      <EmptyState
        title="There is nothing at this address"
        action={
          <Button component={Link} to="/search">
            Go to Search
          </Button>
        }
      >
        It may have been mistyped, or what it named is gone.
      </EmptyState>
    </PageFrame>
  );
}
