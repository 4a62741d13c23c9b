// What is shown when there is nothing, when it is not there yet, and when it went wrong.

import { Button, Skeleton, Text, Title, VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import { UniAdapterError } from '../../../src/error/index.js';
import { WarningIcon } from './icons.js';
import { PageFrame } from './page.js';
import classes from './states.module.css';

export interface EmptyStateProps {
  /** What is not there, as a short sentence. */
  readonly title: string;
  /** What to do next. */
  readonly children?: ReactNode;
  readonly icon?: ReactNode;
  readonly action?: ReactNode;
}

export function EmptyState({ title, children, icon, action }: EmptyStateProps) {
  return (
    <div className={classes.state}>
      {icon && <div className={classes.icon}>{icon}</div>}
      <Title order={2} size="h4" ta="center">
        {title}
      </Title>
      {children && (
        <Text component="div" c="dimmed" ta="center" maw="46ch">
          {children}
        </Text>
      )}
      {action}
    </div>
  );
}

export interface ErrorStateProps {
  readonly error: unknown;
  readonly onRetry?: () => void;
}

/** Says what went wrong and what to do about it, in the words of the server where it has any. */
export function ErrorState({ error, onRetry }: ErrorStateProps) {
  const { title, details, fix } = wordsOf(error);
  return (
    <div className={classes.error} role="alert">
      <WarningIcon size={20} className={classes.warning} />
      <div className={classes.words}>
        <Text fw={560}>{title}</Text>
        {details && <Text size="sm">{details}</Text>}
        {fix && (
          <Text size="sm" c="dimmed">
            {fix}
          </Text>
        )}
      </div>
      {onRetry && (
        <Button variant="default" size="xs" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}

interface Words {
  readonly title: string;
  readonly details?: string | undefined;
  readonly fix?: string | undefined;
}

/** An error in words, as the project tells them: where and what, then what was got and expected, then what to do. */
export function wordsOf(error: unknown): Words {
  if (error instanceof UniAdapterError) {
    const { where, what, got, expected, fix } = error.problem;
    const details = [got && `got ${got}`, expected && `expected ${expected}`].filter(Boolean).join(', ');
    return {
      title: sentence(`${where}: ${what}`),
      details: details && sentence(details),
      fix: fix && sentence(fix),
    };
  }
  if (error instanceof TypeError)
    return { title: 'The server does not answer.', fix: 'Is it still running? This page goes on when it is back.' };
  return { title: 'Something went wrong.', details: error instanceof Error ? error.message : String(error) };
}

const sentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1).replace(/\.$/, '')}.`;

/** Grey shapes where pictures will be. */
export function LoadingGrid({ items, label = 'Loading' }: { readonly items: number; readonly label?: string }) {
  return (
    <div className={classes.grid} role="status">
      <VisuallyHidden>{label}</VisuallyHidden>
      {Array.from({ length: items }, (_, i) => (
        <div key={i}>
          <Skeleton className={classes.tile} />
          <Skeleton height={10} mt={10} width="55%" />
        </div>
      ))}
    </div>
  );
}

/** Grey lines where text or rows will be. */
export function LoadingLines({ lines, label = 'Loading' }: { readonly lines: number; readonly label?: string }) {
  return (
    <div role="status">
      <VisuallyHidden>{label}</VisuallyHidden>
      {Array.from({ length: lines }, (_, i) => (
        <Skeleton key={i} height={14} mb={14} width={`${100 - ((i * 17) % 40)}%`} />
      ))}
    </div>
  );
}

/** Until the code of a page is there. */
export function LoadingPage() {
  return (
    <PageFrame title="Loading">
      <LoadingLines lines={6} />
    </PageFrame>
  );
}
