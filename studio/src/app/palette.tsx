// The command palette: every page, adapter and library a few letters away.

import { Modal, Text, TextInput, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useId, useState } from 'react';
import { adaptersQuery, librariesQuery } from '../api/queries.js';
import { TASKS } from '../parts/tasks.js';
import { PAGES } from './pages.js';
import classes from './palette.module.css';
import { address, go } from './place.js';

interface Command {
  readonly title: string;
  readonly about: string;
  readonly to: string;
}

export interface PaletteProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

export default function Palette({ opened, onClose }: PaletteProps) {
  return (
    <Modal.Root opened={opened} onClose={onClose} size="lg" yOffset="12dvh">
      <Modal.Overlay />
      <Modal.Content aria-label="Go to a page, adapter or library">
        <Commands onDone={onClose} />
      </Modal.Content>
    </Modal.Root>
  );
}

function Commands({ onDone }: { readonly onDone: () => void }) {
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const list = useId();
  const commands = useCommands().filter(({ title, about }) => matches(`${title} ${about}`, text));
  const run = (command: Command | undefined) => {
    if (!command) return;
    onDone();
    go(command.to);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === 'Enter') run(commands[active]);
    if (!step || commands.length === 0) return;
    event.preventDefault();
    const next = (active + step + commands.length) % commands.length;
    setActive(next);
    document.getElementById(`${list}-${next}`)?.scrollIntoView({ block: 'nearest' });
  };
  return (
    <>
      <TextInput
        data-autofocus
        aria-label="Go to"
        role="combobox"
        aria-expanded
        aria-controls={list}
        aria-activedescendant={commands[active] && `${list}-${active}`}
        placeholder="Go to a page, adapter or library"
        variant="unstyled"
        size="md"
        className={classes.field}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div className={classes.list} role="listbox" id={list} aria-label="Places">
        {commands.map((command, i) => (
          <UnstyledButton
            key={command.to}
            id={`${list}-${i}`}
            role="option"
            tabIndex={-1}
            aria-selected={i === active}
            className={classes.command}
            onClick={() => run(command)}
            onMouseMove={() => setActive(i)}
          >
            {command.title}
            <Text span size="sm" c="dimmed">
              {command.about}
            </Text>
          </UnstyledButton>
        ))}
        {commands.length === 0 && (
          <Text c="dimmed" p="md">
            Nothing has this name.
          </Text>
        )}
      </div>
    </>
  );
}

function useCommands(): readonly Command[] {
  const { data: adapters = [] } = useQuery(adaptersQuery);
  const { data: libraries = [] } = useQuery(librariesQuery);
  return [
    ...PAGES.map(({ name, title, about }) => ({ title, about, to: `/${name}` })),
    ...libraries.map(({ name }) => ({
      title: name,
      about: 'Search this library',
      to: address('/search', { in: name }),
    })),
    ...adapters.map(({ name, task }) => ({
      title: name,
      about: `Adapter for ${TASKS[task]}`,
      to: `/adapters/${name}`,
    })),
  ];
}

/** Whether all words that were typed are in a text. */
const matches = (text: string, typed: string): boolean =>
  typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.toLowerCase().includes(word));
