// Media files of every kind → pixels. What a file is, its first bytes say; its name only helps to word the error.

import { extname } from 'node:path';
import type { Pixels } from '../../data/image/index.js';
import { IMAGE_EXTENSIONS } from '../../data/media/extensions.js';
import { readHead } from '../../data/media/head.js';
import { refuseUnread } from '../../data/media/unread.js';
import type { Decoder } from '../../data/video/index.js';
import { fail } from '../../error/index.js';
import { type Open, openFile } from '../../files/opened.js';
import { needSharp } from '../native/native.js';
import { animationFrames, animationInfo } from './picture/animation.js';
import { folderFrames, folderInfo } from './picture/folder.js';
import { decodeImage, failEmpty, imageInfo } from './picture/image.js';
import { videoFrames, videoInfo } from './video/index.js';

/**
 * Decodes images and animations with sharp, videos with node-av, which is loaded when the first video is opened.
 *
 * @param open  how files are opened whose pictures are wanted; default: links are followed
 * @throws `runtime` when sharp is not installed
 */
export function createDecoder(open: Open = openFile): Decoder {
  needSharp();
  return {
    async frames(path, positions) {
      checkPositions(path, positions);
      return (await readerOf(path, open)).frames(path, positions, open);
    },
    probe: async (path) => (await readerOf(path, open)).probe(path),
  };
}

interface Reader extends Pick<Decoder, 'probe'> {
  frames(path: string, positions: readonly number[], open: Open): Promise<readonly Pixels[]>;
}

function checkPositions(path: string, positions: readonly number[]): void {
  const isWrong = (position: number, i: number) => !(position >= (positions[i - 1] ?? 0) && position <= 1);
  if (positions.some(isWrong))
    fail('data', { where: path, what: 'positions are wrong', got: positions.join(', '), expected: '0…1, ascending' });
}

const image: Reader = {
  async frames(path, positions, open) {
    const picture = await decodeImage(path, open);
    return positions.map(() => picture);
  },
  probe: imageInfo,
};
const animation: Reader = {
  frames: (path, positions, open) => animationFrames(path, positions, { open }),
  probe: animationInfo,
};
const video: Reader = { frames: videoFrames, probe: videoInfo };
const folder: Reader = { frames: folderFrames, probe: folderInfo };

async function readerOf(path: string, open: Open): Promise<Reader> {
  const head = await readHead(path, open);
  if (head === null) return folder;
  if (head.length === 0) failEmpty(path);
  refuseUnread(path, head);
  const isNamedImage = IMAGE_EXTENSIONS.includes(extname(path).toLowerCase());
  return kindOf(head) ?? (isNamedImage ? image : video);
}

/** Who reads a file that starts so; undefined where that takes a closer look. */
function kindOf(head: string): Reader | undefined {
  if (/^GIF8|^RIFF....WEBP/s.test(head)) return animation;
  if (/^\x89PNG(?:(?!IDAT).)*acTL/s.test(head)) return video; // an animated PNG
  if (/^....ftyp/s.test(head)) return kindOfIso(head);
  return /^(\x89PNG|\xff\xd8\xff|II[*+]|MM.[*+]|\s*<)/s.test(head) ? image : undefined;
}

/** MP4 and AVIF are one format; the brands tell them apart, and AVIF sequences from pictures. */
function kindOfIso(head: string): Reader {
  const brands = head.slice(8, Buffer.from(head.slice(0, 4), 'latin1').readUInt32BE());
  return brands.includes('avif') && !brands.includes('avis') ? image : video;
}
