// Video files: which of their streams is meant, how it is displayed, and when it starts and ends. No picture is decoded.
// Times are in ticks, the stream's own unit, as numbers: they stay below 2⁵³.

import type { FileHandle } from 'node:fs/promises';
import type { AVPixelFormat } from 'node-av/constants';
import type { Codec, FormatContext, Stream } from 'node-av/lib';
import { type Orientation, UPRIGHT } from '../../../data/image/index.js';
import { failReading } from '../../../data/media/failing.js';
import { fail } from '../../../error/index.js';
import type { Open } from '../../../files/opened.js';
import { checkSize } from '../picture/image.js';
import { type Library, loadLibrary } from './library.js';

export interface Container {
  readonly path: string;
  /** How it was opened, for whoever has to look at it a second time. */
  readonly open: Open;
  readonly library: Library;
  readonly format: FormatContext;
  /** The stream of pictures that a player would show. */
  readonly stream: Stream;
  /** The stream that says how transparent they are (AVIF sequences), as grey pictures; null where there is none. */
  readonly alpha: Stream | null;
  readonly codec: Codec;
  /** As displayed, before it is turned: pixels are square. */
  readonly width: number;
  readonly height: number;
  readonly orientation: Orientation;
  readonly ticksPerSecond: number;
  /** How long a frame is usually shown; 0 where there is no saying. */
  readonly frameTicks: number;
  /** How much later than it is decoded a picture is shown at most. */
  readonly delay: number;
}

/** What is looked into. FFmpeg reads more, but some of it are lists of other files or addresses. */
const FORMATS = 'mov,matroska,avi,mpegts,mpeg,flv,asf,ogg,apng';

/**
 * Opens a file, gives it to `use` and closes it, whatever happens.
 *
 * @param open  how, which decides whether links are followed
 * @param index  the stream that is meant; default: the one that a player would show
 * @throws `file` if it cannot be read, `data` if it is no video, has no stream of pictures, or its codec is not known
 */
export async function withContainer<T>(
  path: string,
  open: Open,
  use: (container: Container) => Promise<T>,
  index?: number,
): Promise<T> {
  const library = await loadLibrary(path);
  const file = await open(path).catch((error) => failReading(path, error));
  const format = new library.av.FormatContext();
  try {
    await openInput(format, { path, file }, library);
    return await use({ ...describe(format, path, library, index), open });
  } finally {
    await format.closeInput();
    await file.close();
  }
}

interface Opened {
  readonly path: string;
  readonly file: FileHandle;
}

/** FFmpeg reads the file that is open, and can open no other; on Windows, where it cannot, the one of the same name. */
async function openInput(format: FormatContext, { path, file }: Opened, library: Library): Promise<void> {
  const protocol = process.platform === 'win32' ? 'file' : 'fd';
  using options = library.av.Dictionary.fromObject({
    ...{ format_whitelist: FORMATS, protocol_whitelist: protocol },
    ...(protocol === 'fd' && { fd: `${file.fd}` }),
  });
  const address = protocol === 'fd' ? 'fd:' : `file:${path}`; // a bare name may look like an address
  const opened = await format.openInput(address, null, options);
  const status = opened < 0 ? opened : await format.findStreamInfo(null);
  if (status < 0)
    fail('data', {
      where: path,
      what: 'cannot be opened',
      got: reasonOf(status, library),
      expected: 'an image, an animation, a video or a folder of frames',
    });
}

function reasonOf(status: number, { av, codes }: Library): string {
  switch (status) {
    case codes.AVERROR_INVALIDDATA:
    case codes.AVERROR_EINVAL: // not in FORMATS
      return 'nothing known, or a video that is cut off before its index';
    case codes.AVERROR_EOF:
      return 'a header and nothing else';
    default:
      return av.FFmpegError.strerror(status);
  }
}

function describe(format: FormatContext, path: string, library: Library, index?: number): Omit<Container, 'open'> {
  const stream = format.streams.find((one) => one.index === index) ?? streamOf(format, path, library);
  const { width, height } = stream.codecpar;
  const codec = codecOf(stream, path, library);
  const displayed = displaySize(stream);
  for (const size of [{ width, height }, displayed]) checkSize(path, size);
  const ticksPerSecond = stream.timeBase.den / stream.timeBase.num;
  const { num, den } = stream.avgFrameRate;
  const frameTicks = num > 0 && den > 0 ? (ticksPerSecond * den) / num : 0;
  return {
    alpha: alphaOf(stream, format, library),
    ...{ path, library, format, stream, codec, ...displayed, ticksPerSecond, frameTicks },
    delay: stream.codecpar.videoDelay * frameTicks,
    orientation: orientationOf(stream, library),
  };
}

/** The best stream that is no cover picture. */
function streamOf(format: FormatContext, path: string, { codes }: Library): Stream {
  const isCover = (stream: Stream) => stream.hasDisposition(codes.AV_DISPOSITION_ATTACHED_PIC);
  const pictures = format.streams.filter(({ codecpar }) => codecpar.codecType === codes.AVMEDIA_TYPE_VIDEO);
  const moving = pictures.filter((stream) => !isCover(stream));
  const best = format.findBestStream(codes.AVMEDIA_TYPE_VIDEO);
  const got = pictures.length > 0 ? 'sound with a cover picture' : 'sound or text only';
  return (
    moving.find(({ index }) => index === best) ??
    moving[0] ??
    fail('data', { where: path, what: 'has no video stream', got, expected: 'moving pictures' })
  );
}

/** AVIF sequences keep transparency in a track of its own: grey AV1 pictures, as many and as large as those in colour. */
function alphaOf(stream: Stream, { streams, metadata }: FormatContext, { av, codes }: Library): Stream | null {
  const isAvif = metadata?.get('major_brand')?.startsWith('avi') ?? false;
  const isAv1 = ({ codecpar }: Stream) => codecpar.codecId === codes.AV_CODEC_ID_AV1;
  const isGrey = ({ codecpar }: Stream) =>
    av.avGetPixFmtName(codecpar.format as AVPixelFormat)?.startsWith('gray') ?? false;
  const fits = (other: Stream) =>
    other.nbFrames === stream.nbFrames &&
    other.codecpar.width === stream.codecpar.width &&
    other.codecpar.height === stream.codecpar.height;
  if (!isAvif || isGrey(stream)) return null;
  return streams.find((other) => isAv1(other) && isGrey(other) && fits(other)) ?? null;
}

function codecOf({ codecpar, metadata }: Stream, path: string, { av, codes }: Library): Codec {
  // FFmpeg's own decoders of VP8 and VP9 leave out what is transparent
  const hasAlpha = metadata?.get('alpha_mode') === '1';
  const other = codecpar.codecId === codes.AV_CODEC_ID_VP9 ? codes.FF_DECODER_LIBVPX_VP9 : codes.FF_DECODER_LIBVPX_VP8;
  const codec = (hasAlpha ? av.Codec.findDecoderByName(other) : null) ?? av.Codec.findDecoder(codecpar.codecId);
  const name = codecpar.codecId === codes.AV_CODEC_ID_NONE ? null : av.avGetCodecName(codecpar.codecId);
  return (
    codec ??
    fail('data', {
      where: path,
      what: 'has a video codec that is not known',
      got: name ?? codecpar.codecTagString ?? 'no name',
      fix: 'convert it to H.264, VP9 or AV1',
    })
  );
}

/** Pixels that are not square are stretched, never shrunk, as browsers do. */
function displaySize({ sampleAspectRatio: ofStream, codecpar }: Stream): { width: number; height: number } {
  const { num, den } = ofStream.num > 0 ? ofStream : codecpar.sampleAspectRatio;
  const ratio = num > 0 && den > 0 ? num / den : 1;
  const { width, height } = codecpar;
  return ratio >= 1 ? { width: Math.round(width * ratio), height } : { width, height: Math.round(height / ratio) };
}

/** The display matrix, to the nearest quarter turn: [a b u, c d v, x y w] in 16.16 fixed point (ISO 14496-12). */
function orientationOf({ codecpar }: Stream, { codes }: Library): Orientation {
  const matrix = codecpar.getCodedSideData(codes.AV_PKT_DATA_DISPLAYMATRIX);
  if (matrix === null) return UPRIGHT;
  const [a, b, c, d] = [0, 1, 3, 4].map((i) => matrix.readInt32LE(4 * i)) as [number, number, number, number];
  const sign = (x: number) => (x < 0 ? -1 : 1);
  return Math.abs(a) >= Math.abs(b) ? { a: sign(a), b: 0, c: 0, d: sign(d) } : { a: 0, b: sign(b), c: sign(c), d: 0 };
}
