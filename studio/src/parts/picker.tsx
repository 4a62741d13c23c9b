// Chooses an image or a clip: dropped, pasted, from the reader's files, or from a library of the server.

import { Button, FileButton, Group, Loader, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { FolderIcon, PictureIcon, UploadIcon } from './icons.js';
import { LibraryPicker } from './library-picker.js';
import type { Media } from './media.js';
import classes from './picker.module.css';
import { ErrorState } from './states.js';
import { MEDIA_TYPES, useDrop, usePaste, useUpload } from './upload.js';

export interface MediaPickerProps {
  readonly onPick: (media: Media) => void;
  /** `large` fills the page while nothing is chosen; `small` is a line of buttons. Default `large`. */
  readonly size?: 'large' | 'small';
}

export function MediaPicker({ onPick, size = 'large' }: MediaPickerProps) {
  const { send, isPending, error } = useUpload(onPick);
  const [isOpen, { open, close }] = useDisclosure();
  const drop = useDrop(([file]) => file && send(file));
  usePaste(send);
  return (
    <div>
      <div className={classes.picker} data-size={size} data-over={drop.isOver || undefined} {...drop.props}>
        {size === 'large' && <PictureIcon size={32} className={classes.icon} />}
        {size === 'large' && (
          <div>
            <Text fw={560} ta="center">
              Drop an image or a clip here
            </Text>
            <Text size="sm" c="dimmed" ta="center">
              or paste one, or choose it
            </Text>
          </div>
        )}
        <Group gap="xs" justify="center">
          <FileButton accept={MEDIA_TYPES} onChange={(file) => file && send(file)}>
            {(props) => (
              <Button
                {...props}
                variant={size === 'large' ? 'filled' : 'default'}
                leftSection={isPending ? <Loader size={16} color="currentColor" /> : <UploadIcon size={18} />}
                disabled={isPending}
              >
                {isPending ? 'Sending' : 'Choose a file'}
              </Button>
            )}
          </FileButton>
          <Button variant="default" leftSection={<FolderIcon size={18} />} onClick={open}>
            From a library
          </Button>
        </Group>
      </div>
      {error && (
        <div className={classes.problem}>
          <ErrorState error={error} />
        </div>
      )}
      <LibraryPicker
        opened={isOpen}
        onClose={close}
        onPick={(media) => {
          close();
          onPick(media);
        }}
      />
    </div>
  );
}
