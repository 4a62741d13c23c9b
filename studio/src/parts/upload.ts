// Files of the reader's own: dropped, pasted or chosen, sent to the server once.

import { useCallbackRef, useWindowEvent } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import { type DragEvent, useState } from 'react';
import { client } from '../api/client.js';
import { droppedFiles } from './dropped.js';
import type { Media } from './media.js';

/** What file pickers are told; the server looks at what a file really is. */
export const MEDIA_TYPES = 'image/*,video/*,.mkv,.avi';

/** Sends a file and hands back the media it became, unless the reader has left or sent another; errors are in `error`. */
export function useUpload(onDone: (media: Media) => void) {
  // the page may have been drawn again since the file was sent
  const onSuccess = useCallbackRef(onDone);
  const { mutate, isPending, error } = useMutation({
    mutationFn: async (file: File): Promise<Media> => {
      const { upload, kind } = await client.upload(file);
      return { ref: { upload }, kind, name: file.name };
    },
  });
  return { send: (file: File) => mutate(file, { onSuccess }), isPending, error };
}

/** Calls back with the first image or clip that is pasted anywhere on the page. */
export function usePaste(onFile: (file: File) => void): void {
  useWindowEvent('paste', (event) => {
    const file = [...(event.clipboardData?.files ?? [])][0];
    if (!file) return;
    event.preventDefault();
    onFile(file);
  });
}

/** Props of an element that files may be dropped on, and whether one is held above it. */
export function useDrop(onFiles: (files: readonly File[]) => void) {
  const [depth, setDepth] = useState(0);
  const isFile = (event: DragEvent) => event.dataTransfer.types.includes('Files');
  const props = {
    onDragEnter: (event: DragEvent) => isFile(event) && setDepth((inside) => inside + 1),
    onDragLeave: (event: DragEvent) => isFile(event) && setDepth((inside) => inside - 1),
    onDragOver: (event: DragEvent) => isFile(event) && event.preventDefault(),
    onDrop: (event: DragEvent) => {
      if (!isFile(event)) return;
      event.preventDefault();
      setDepth(0);
      droppedFiles(event.dataTransfer).then(onFiles, (error: unknown) => console.warn(error));
    },
  };
  return { isOver: depth > 0, props };
}
