// Where a question is typed, and some to begin with.

import { Button, Group, TextInput } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import classes from './ask.module.css';

export interface QuestionProps {
  /** The one that was asked last. */
  readonly asked: string;
  readonly suggestions: readonly string[];
  readonly onAsk: (question: string) => void;
}

export function Question({ asked, suggestions, onAsk }: QuestionProps) {
  const [text, setText] = useState(asked);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => setText(asked), [asked]);
  useHotkeys([['/', () => field.current?.focus()]]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim()) onAsk(text.trim());
  };
  return (
    <form onSubmit={submit} className={classes.question}>
      <Group gap="xs" wrap="nowrap">
        <TextInput
          ref={field}
          size="md"
          aria-label="Question"
          placeholder="Ask something about it"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          autoComplete="off"
          className={classes.field}
        />
        <Button type="submit" size="md" disabled={!text.trim()}>
          Ask
        </Button>
      </Group>
      {suggestions.length > 0 && (
        <Group gap={6} mt="xs" role="group" aria-label="Suggestions">
          {suggestions.map((question) => (
            <Button
              key={question}
              variant="default"
              size="compact-sm"
              radius="xl"
              fw={400}
              onClick={() => onAsk(question)}
            >
              {question}
            </Button>
          ))}
        </Group>
      )}
    </form>
  );
}
