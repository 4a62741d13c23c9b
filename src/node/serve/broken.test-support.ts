// Files that no server should have to look at: cut off, made up, or far larger than they seem.

import { deflateSync } from 'node:zlib';
import sharp from 'sharp';

/** By what is wrong with them. */
export async function brokenFiles(): Promise<Readonly<Record<string, Uint8Array>>> {
  const picture = sharp({ create: { width: 200, height: 150, channels: 3, background: '#a04020', noise: NOISE } });
  const [png, jpeg, webp] = await Promise.all(
    [picture.clone().png(), picture.clone().jpeg(), picture.clone().webp()].map((image) => image.toBuffer()),
  );
  const gif = await sharp([png as Buffer, png as Buffer], { join: { animated: true } })
    .gif()
    .toBuffer();
  const cut = (bytes: Uint8Array = new Uint8Array()) => bytes.subarray(0, Math.floor(bytes.length / 2));
  return {
    'no bytes': new Uint8Array(),
    'no picture': Buffer.from('hello'),
    'an svg': Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
    'a zip': zipOfNothing(),
    'half a png': cut(png),
    'half a jpeg': cut(jpeg),
    'half a webp': cut(webp),
    'half a gif': cut(gif),
    'pixel bomb': pngOf(30_000),
    'large pixel bomb': pngOf(8_000),
    'made-up mp4': Buffer.concat([
      Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0mp42isom', 'latin1'),
      Buffer.alloc(40_000, 7),
    ]),
    'made-up mkv': Buffer.concat([Buffer.from('\x1aE\xdf\xa3', 'latin1'), Buffer.alloc(40_000, 3)]),
    'made-up gif': Buffer.concat([Buffer.from('GIF89a', 'latin1'), Buffer.alloc(40_000, 3)]),
  };
}

const NOISE = { type: 'gaussian', mean: 128, sigma: 40 } as const;

/** A PNG whose header promises side² pixels: 900 million take a kilobyte. */
export function pngOf(side: number): Uint8Array {
  const chunk = (name: string, data: Uint8Array) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    return Buffer.concat([length, Buffer.from(name), data, Buffer.alloc(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const rows = deflateSync(Buffer.alloc(1_000_000));
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', rows), chunk('IEND', new Uint8Array())]);
}

/** The smallest archive there is: a directory without entries. */
const zipOfNothing = (): Uint8Array => Buffer.concat([Buffer.from('PK\x05\x06', 'latin1'), Buffer.alloc(18)]);
