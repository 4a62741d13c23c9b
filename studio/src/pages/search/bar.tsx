// The field one types into, or the picture that is searched by.

import { ActionIcon, Kbd, Loader, Menu, TextInput, Tooltip } from '@mantine/core';
import { useDebouncedCallback, useDisclosure, useHotkeys } from '@mantine/hooks';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { CloseIcon, FolderIcon, PictureIcon, SearchIcon, UploadIcon } from '../../parts/icons.js';
import { LibraryPicker } from '../../parts/library-picker.js';
import { Picture } from '../../parts/picture.js';
import { MEDIA_TYPES } from '../../parts/upload.js';
import { focusHit } from './keyboard.js';
import { type SearchPlace, search } from './place.js';
import classes from './search.module.css';

/** How long typing must pause before the server is asked. */
const PAUSE_MS = 220;

export interface SearchBarProps {
  readonly place: SearchPlace;
  /** Whether a file is on its way to the server. */
  readonly isSending: boolean;
  readonly onFile: (file: File) => void;
}

export function SearchBar({ place, isSending, onFile }: SearchBarProps) {
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(place.text);
  const searchSoon = useDebouncedCallback(
    (typed: string) => search(place, { text: typed, like: null }, 'replace'),
    PAUSE_MS,
  );
  // somebody went back, or followed a link
  useEffect(() => setText(place.text), [place.text]);
  useHotkeys([['/', () => field.current?.focus()]]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' && focusHit(0)) event.preventDefault();
    if (event.key === 'Escape') field.current?.blur();
    if (event.key === 'Enter') search(place, { text, like: null });
  };
  const clear = () => {
    searchSoon.cancel();
    setText('');
    search(place, { text: '' });
  };
  return (
    <search className={classes.bar}>
      <TextInput
        ref={field}
        data-search
        size="lg"
        aria-label="What to search for"
        placeholder={place.like ? 'Or say what you look for' : 'Say what you look for'}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          searchSoon(event.currentTarget.value);
        }}
        onKeyDown={onKeyDown}
        leftSection={<SearchIcon size={22} />}
        rightSectionWidth={88}
        rightSection={
          <div className={classes.barEnd}>
            {text ? <Clear onClick={clear} /> : <Kbd visibleFrom="sm">/</Kbd>}
            <ByPicture place={place} isSending={isSending} onFile={onFile} />
          </div>
        }
        autoComplete="off"
        spellCheck={false}
        enterKeyHint="search"
      />
      {place.like && <Like place={place} />}
    </search>
  );
}

function Clear({ onClick }: { readonly onClick: () => void }) {
  return (
    <ActionIcon variant="subtle" color="gray" aria-label="Clear the text" onClick={onClick}>
      <CloseIcon size={18} />
    </ActionIcon>
  );
}

function ByPicture({ place, isSending, onFile }: Pick<SearchBarProps, 'place' | 'isSending' | 'onFile'>) {
  const [isOpen, { open, close }] = useDisclosure();
  const chooser = useRef<HTMLInputElement>(null);
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Tooltip label="Search by a picture or clip">
            <ActionIcon variant="subtle" size="lg" aria-label="Search by a picture or clip" disabled={isSending}>
              {isSending ? <Loader size={18} /> : <PictureIcon size={22} />}
            </ActionIcon>
          </Tooltip>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>Or drop or paste one</Menu.Label>
          <Menu.Item leftSection={<UploadIcon size={18} />} onClick={() => chooser.current?.click()}>
            Choose a file
          </Menu.Item>
          <Menu.Item leftSection={<FolderIcon size={18} />} onClick={open}>
            From a library
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <input
        ref={chooser}
        type="file"
        accept={MEDIA_TYPES}
        hidden
        onChange={({ currentTarget }) => {
          const [file] = currentTarget.files ?? [];
          if (file) onFile(file);
          currentTarget.value = '';
        }}
      />
      <LibraryPicker
        opened={isOpen}
        onClose={close}
        onPick={({ ref }) => {
          close();
          search(place, { like: ref, text: '' });
        }}
      />
    </>
  );
}

/** The picture that is searched by. */
function Like({ place }: { readonly place: SearchPlace }) {
  if (!place.like) return null;
  return (
    <div className={classes.like}>
      <Picture media={{ ref: place.like, kind: 'image', name: '' }} alt="What is searched by" size={72} />
      <span>{place.find === 'captions' ? 'Captions for this' : 'Pictures and clips like this'}</span>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label="Do not search by this picture"
        onClick={() => search(place, { like: null, find: 'media' })}
      >
        <CloseIcon size={18} />
      </ActionIcon>
    </div>
  );
}
