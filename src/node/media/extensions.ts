// What is taken for an image or a clip in a folder that does not say; what a file really holds is found out when it is opened.

import { extname } from 'node:path';
import { VIDEO_EXTENSIONS } from '../../data/index.js';

/** Of the pictures in a folder of frames, too. */
export const IMAGE_EXTENSIONS: readonly string[] = '.jpg .jpeg .png .webp .gif .avif .tif .tiff .svg'.split(' ');

/** Clips more often have another name, and TypeScript these. */
const PROGRAMS = ['ts', 'mts'];

const CLIP_EXTENSIONS = [...VIDEO_EXTENSIONS].filter((name) => !PROGRAMS.includes(name)).map((name) => `.${name}`);

export const MEDIA_EXTENSIONS: ReadonlySet<string> = new Set([...IMAGE_EXTENSIONS, ...CLIP_EXTENSIONS]);

/** Whether a file below a folder is one of those; hidden ones are other programs'. @param path  from that folder */
export const isMedia = (path: string): boolean =>
  MEDIA_EXTENSIONS.has(extname(path).toLowerCase()) && !/(^|[\\/])\./.test(path);
