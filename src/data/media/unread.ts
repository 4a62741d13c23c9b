// Kinds of pictures and documents that people have among their photos and that are not read: told apart from damaged files
// by how they begin, so that the error can say what to do.

import { fail } from '../../error/index.js';

/** What a file is called whose first bytes match. ISO files (`ftyp`) are told by their brands. */
const UNREAD: readonly (readonly [RegExp, string])[] = [
  [/^....ftyp(?!.*avi[fs]).*(hei[cxms]|hev[cxms]|mif1|msf1)/s, 'HEIC'],
  [/^....ftypcrx /s, 'a Canon CR3 raw photo'],
  [/^II\*\0....CR/s, 'a Canon CR2 raw photo'],
  [/^IIU\0/, 'a Panasonic RW2 raw photo'],
  [/^IIR[OS]|^MMOR/, 'an Olympus ORF raw photo'],
  [/^FUJIFILM/, 'a Fujifilm RAF raw photo'],
  [/^BM.{12}[^\0]\0{3}/s, 'BMP'],
  [/^\0{3}.jP {2}|^\xffO\xffQ/s, 'JPEG 2000'],
  [/^\0{3}.JXL |^\xff\n/s, 'JPEG XL'],
  [/^8BPS/, 'a Photoshop document'],
  [/^\0\0[^\0]\0[^\0]\0/, 'an icon'],
  [/^%PDF-/, 'PDF'],
];

/** @param head  the first bytes, a character each @throws `data` if they are of a kind that is known and not read */
export function refuseUnread(path: string, head: string): void {
  const kind = UNREAD.find(([start]) => start.test(brandsOf(head)))?.[1];
  if (kind === undefined) return;
  fail('data', {
    where: path,
    what: `is ${kind}, which is not read`,
    expected: 'JPEG, PNG, WebP, GIF, AVIF, TIFF or SVG, or a clip',
    fix: 'convert it to JPEG',
  });
}

/** Of an ISO file the box with its brands alone: what follows may hold any letters. */
function brandsOf(head: string): string {
  if (!/^....ftyp/s.test(head)) return head;
  return head.slice(0, Buffer.from(head.slice(0, 4), 'latin1').readUInt32BE());
}
