// Takes an adapter in: the files of its folder and a name.

import { Button, FileButton, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { nameSchema } from '../../../../src/server/schema/index.js';
import { client } from '../../api/client.js';
import { go } from '../../app/place.js';
import { size } from '../../parts/format.js';
import { FolderIcon, UploadIcon } from '../../parts/icons.js';
import { ErrorState } from '../../parts/states.js';
import { useDrop } from '../../parts/upload.js';
import classes from './adapters.module.css';
import { accepted, NEEDED, nameFor } from './files.js';

export interface AddProps {
  readonly opened: boolean;
  readonly files: readonly File[];
  readonly onFiles: (files: readonly File[]) => void;
  readonly onClose: () => void;
}

export function Add({ opened, ...rest }: AddProps) {
  return (
    <Modal opened={opened} onClose={rest.onClose} title="Add an adapter" size="lg">
      <Form {...rest} />
    </Modal>
  );
}

function Form({ files, onFiles, onClose }: Omit<AddProps, 'opened'>) {
  const cache = useQueryClient();
  const [typed, setName] = useState<string | null>(null);
  const wanted = accepted(files);
  const name = typed ?? nameFor(files);
  const add = useMutation({
    mutationFn: () => client.addAdapter(name, wanted),
    onSuccess: () => void cache.invalidateQueries({ queryKey: ['adapters'] }),
  });
  const isName = nameSchema.safeParse(name).success;
  const missing = NEEDED.filter((needed) => !wanted.some((file) => file.name === needed));
  const send = () =>
    add.mutate(undefined, {
      onSuccess: (adapter) => {
        onClose();
        go(`/adapters/${adapter.name}`);
      },
    });
  const choose = (chosen: readonly File[]) => {
    add.reset();
    onFiles(chosen);
  };
  return (
    <Stack gap="md">
      <Chooser files={wanted} onFiles={choose} />
      {files.length > 0 && missing.length > 0 && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          {missing.join(' and ')} {missing.length === 1 ? 'is' : 'are'} missing: choose all files of the adapter’s
          folder.
        </Text>
      )}
      <TextInput
        label="Name"
        description="Letters, digits, dots and dashes; how requests will name it"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={name !== '' && !isName && 'Letters, digits, dots and dashes, at most 64'}
      />
      {add.error && <ErrorState error={add.error} />}
      <Group justify="flex-end">
        <Button variant="subtle" onClick={onClose}>
          Cancel
        </Button>
        <Button loading={add.isPending} disabled={missing.length > 0 || !isName} onClick={send}>
          Add
        </Button>
      </Group>
    </Stack>
  );
}

interface ChooserProps {
  readonly files: readonly File[];
  readonly onFiles: (files: readonly File[]) => void;
}

function Chooser({ files, onFiles }: ChooserProps) {
  const folder = useRef<HTMLInputElement>(null);
  const drop = useDrop(onFiles);
  return (
    <div className={classes.chooser} data-over={drop.isOver || undefined} {...drop.props}>
      {files.length === 0 ? (
        <Text c="dimmed" ta="center">
          Drop the adapter’s folder or files here: adapter.json and adapter.safetensors
        </Text>
      ) : (
        <ul className={classes.files}>
          {files.map((file) => (
            <li key={file.name}>
              {file.name} <span className={classes.dim}>{size(file.size)}</span>
            </li>
          ))}
        </ul>
      )}
      <Group gap="xs" justify="center">
        <Button variant="default" leftSection={<FolderIcon size={18} />} onClick={() => folder.current?.click()}>
          Choose a folder
        </Button>
        <FileButton multiple onChange={onFiles}>
          {(props) => (
            <Button {...props} variant="default" leftSection={<UploadIcon size={18} />}>
              Choose files
            </Button>
          )}
        </FileButton>
      </Group>
      <input
        ref={folder}
        type="file"
        hidden
        // React knows no such property; browsers do
        {...{ webkitdirectory: '' }}
        onChange={({ currentTarget }) => onFiles([...(currentTarget.files ?? [])])}
      />
    </div>
  );
}
