// What is taken for an image or a clip in a folder that does not say; what a file really holds is found out when it is opened.

import { extname } from 'node:path';
import { VIDEO_EXTENSIONS } from '../items/index.js';

/** Other names of JPEG. */
const JPEG = '.jpg .jpeg .jpe .jfif .jif .jfi .pjpeg .pjp'.split(' ');

/** Of the pictures in a folder of frames, too. */
export const IMAGE_EXTENSIONS: readonly string[] = [...JPEG, ...'.png .webp .gif .avif .tif .tiff .svg'.split(' ')];

/** Clips more often have another name, and TypeScript these. */
const PROGRAMS = ['ts', 'mts'];

const CLIP_EXTENSIONS = [...VIDEO_EXTENSIONS].filter((name) => !PROGRAMS.includes(name)).map((name) => `.${name}`);

export const MEDIA_EXTENSIONS: ReadonlySet<string> = new Set([...IMAGE_EXTENSIONS, ...CLIP_EXTENSIONS]);

/** Pictures and clips that people have, and that are not decoded. */
const UNREAD_EXTENSIONS: ReadonlySet<string> = new Set(
  [
    'heic heif heics hif bmp dib jp2 j2k j2c jpf jpx jpm jxl jxr wdp hdp tga ico cur icns psd psb xcf ai eps pdf', // pictures
    'pbm pgm ppm pnm pcx exr hdr dds svgz qoi fits dcm',
    'raw dng cr2 cr3 crw nef nrw arw srf sr2 orf rw2 raf pef srw x3f 3fr erf kdc mrw rwl iiq', // of cameras
    'rm rmvb mxf dv y4m ogm m1v bik swf insv lrv braw r3d', // clips
  ].flatMap((some) => some.split(' ').map((name) => `.${name}`)),
);

/** Whether a file below a folder is one of those; hidden ones are other programs'. @param path  from that folder */
export const isMedia = (path: string): boolean => hasMediaName(path) && !/(^|[\\/])\./.test(path);

/** The same of hidden ones too. */
export const hasMediaName = (path: string): boolean => MEDIA_EXTENSIONS.has(extname(path).toLowerCase());

/** Whether a file is a picture or a clip by its name, but of a kind that is not decoded. */
export const isUnreadMedia = (path: string): boolean => UNREAD_EXTENSIONS.has(extname(path).toLowerCase());
