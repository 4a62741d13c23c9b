// The frame of a page: its heading, what can be done with all of it, and its contents.

import { Group, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';
import classes from './page.module.css';

export interface PageFrameProps {
  readonly title: string;
  /** What the browser calls the page in its tab and history; default the title. */
  readonly tab?: string;
  /** One sentence below the heading. */
  readonly about?: ReactNode;
  /** Buttons beside the heading. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

export function PageFrame({ title, tab = title, about, actions, children }: PageFrameProps) {
  useDocumentTitle(`${tab} · UniAdapter`);
  return (
    <div className={classes.page}>
      <header className={classes.header}>
        <div>
          <Title order={1} className={classes.title}>
            {title}
          </Title>
          {about && (
            <Text c="dimmed" maw="62ch" mt={4}>
              {about}
            </Text>
          )}
        </div>
        {actions && <Group gap="xs">{actions}</Group>}
      </header>
      {children}
    </div>
  );
}
