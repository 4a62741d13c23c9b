// What paths tell.
import type { MediaKind } from './item.js';

/** Extensions of files that are sampled as clips; what they really hold is found out when they are opened. */
export const VIDEO_EXTENSIONS: ReadonlySet<string> = new Set(
  'mp4 m4v mov webm mkv avi gif apng mpg mpeg mpe m2v vob wmv asf flv f4v ogv ts mts m2ts 3gp 3g2'.split(' '),
);

/** Whether a path looks like a clip's: by its extension; without one it is a folder of frames. */
export function kindOf(path: string): MediaKind {
  const extension = /\.([^./\\]+)$/.exec(path.trim().toLowerCase())?.[1];
  return extension === undefined || VIDEO_EXTENSIONS.has(extension) ? 'video' : 'image';
}

/** `./a//b.jpg` and `a/b.jpg` are the same file. */
export function tidy(path: string): string {
  return path
    .trim()
    .replace(/\/+(\.?\/+)*/g, '/')
    .replace(/^\.\//, '');
}
