// Clips whose every frame says its number, in any codec, container and timing, written with the library's own encoders.

import assert from 'node:assert/strict';
import type * as av from 'node-av/lib';
import type { Pixels } from '../../../data/image/index.js';
import { type Library, loadLibrary } from './library.js';

/** Squares, four across and two down, bright where the number has a bit. They survive any codec. */
const [ACROSS, DOWN] = [4, 2];
const BRIGHT = [230, 220, 210];
const DARK = [25, 35, 45];

/** A picture of a number below 256. */
export function numbered(n: number, width = 64, height = 48): Pixels {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at += 3) {
      const bit = Math.floor((y * DOWN) / height) * ACROSS + Math.floor((x * ACROSS) / width);
      data.set((n >> bit) & 1 ? BRIGHT : DARK, at);
    }
  return { width, height, data };
}

/** The number that a picture shows, however it was scaled. */
export function numberOf({ width, height, data }: Pixels): number {
  let n = 0;
  for (let bit = 0; bit < ACROSS * DOWN; bit++) {
    const x = Math.floor((((bit % ACROSS) + 0.5) * width) / ACROSS);
    const y = Math.floor(((Math.floor(bit / ACROSS) + 0.5) * height) / DOWN);
    if ((data[(y * width + x) * 3 + 1] as number) > 128) n |= 1 << bit;
  }
  return n;
}

/** The frames 0 … count − 1. */
export const counting = (count: number, width?: number, height?: number): Pixels[] =>
  Array.from({ length: count }, (_, n) => numbered(n, width, height));

/** A picture as the encoder takes it. */
export interface Raw {
  readonly width: number;
  readonly height: number;
  /** All planes, one after another, in the track's pixel format. */
  readonly planes: Uint8Array;
}

export interface Track {
  readonly frames: readonly (Pixels | Raw)[];
  /** An encoder of FFmpeg. Default libx264. */
  readonly encoder?: string;
  /** Default yuv420p. */
  readonly pixelFormat?: string;
  /** Frames from keyframe to keyframe. Default 12. */
  readonly gop?: number;
  /** Default 0. */
  readonly bFrames?: number;
  /** Instead of keyframes a column of every picture is drawn anew, `gop` pictures for all of it (libx264). */
  readonly intraRefresh?: boolean;
  /** Default 25. */
  readonly fps?: number;
  /** When each frame is shown, in seconds, and when the last one ends; instead of `fps`. */
  readonly times?: readonly number[];
  /** a, b, c, d of the display matrix. */
  readonly matrix?: readonly [number, number, number, number];
  readonly sampleAspectRatio?: readonly [number, number];
  /** FFmpeg's numbers of the matrix and range of colours. */
  readonly colour?: { readonly space: number; readonly range: number };
  readonly isDefault?: boolean;
}

/** Other streams: a second of silence, a picture to show beside it. */
export type Extra = 'sound' | 'cover';

export interface File {
  /** FFmpeg's name of the container; default by the extension. */
  readonly container?: string;
  /** Options of the container. */
  readonly options?: Readonly<Record<string, string>>;
  readonly extras?: readonly Extra[];
}

interface Encoded {
  readonly packets: readonly av.Packet[];
  readonly stream: av.Stream;
  /** In which the packets' times are. */
  readonly timeBase: { readonly num: number; readonly den: number };
}

/** Writes a file of videos and other streams. @returns its path */
export async function writeClip(path: string, tracks: readonly Track[], file: File = {}): Promise<string> {
  const library = await loadLibrary(path);
  const { container = null, options = {}, extras = [] } = file;
  const format = new library.av.FormatContext();
  check(library, format.allocOutputContext2(null, container, `file:${path}`));
  const encoded = [
    ...tracks.map((track) => encode(library, format, track)),
    ...extras.map((extra) => (extra === 'sound' ? silence(library, format) : cover(library, format))),
  ];
  check(library, format.openOutputSync());
  using dictionary = library.av.Dictionary.fromObject(options);
  check(library, format.writeHeaderSync(dictionary));
  for (const { packets, stream, timeBase } of encoded)
    for (const packet of packets) {
      packet.rescaleTs(timeBase, stream.timeBase); // the container has chosen its own by now
      packet.streamIndex = stream.index;
      check(library, format.interleavedWriteFrameSync(packet));
      packet.free();
    }
  check(library, format.writeTrailerSync());
  format.closeOutputSync();
  format.freeContext();
  return path;
}

function encode(library: Library, format: av.FormatContext, track: Track): Encoded {
  const { codes } = library;
  const context = openEncoder(library, format, track);
  const stream = format.newStream();
  stream.codecpar.fromContext(context);
  stream.timeBase = context.timeBase;
  stream.avgFrameRate = context.framerate;
  stream.sampleAspectRatio = context.sampleAspectRatio;
  if (track.isDefault) stream.setDisposition(codes.AV_DISPOSITION_DEFAULT);
  if (track.matrix) stream.codecpar.addCodedSideData(codes.AV_PKT_DATA_DISPLAYMATRIX, matrixBytes(track.matrix));
  const { num, den } = context.timeBase;
  const ticks = (i: number) => Math.round(((track.times?.[i] ?? i / (track.fps ?? 25)) * den) / num);
  const packets: av.Packet[] = [];
  const collect = () => {
    const packet = new library.av.Packet();
    packet.alloc();
    const isThere = context.receivePacketSync(packet) >= 0;
    if (isThere) packets.push(packet);
    else packet.free();
    return isThere;
  };
  for (const [i, picture] of track.frames.entries()) {
    using frame = converted(library, picture, context);
    frame.pts = BigInt(ticks(i));
    frame.duration = BigInt(ticks(i + 1) - ticks(i));
    check(library, context.sendFrameSync(frame));
    while (collect());
  }
  check(library, context.sendFrameSync(null));
  while (collect());
  const timeBase = { num, den };
  context.freeContext();
  return { packets, stream, timeBase };
}

function openEncoder(library: Library, format: av.FormatContext, track: Track): av.CodecContext {
  const { fps = 25, gop = 12, bFrames = 0, encoder = 'libx264', pixelFormat = 'yuv420p', sampleAspectRatio } = track;
  const { codes, av } = library;
  const codec = av.Codec.findEncoderByName(encoder as Parameters<typeof av.Codec.findEncoderByName>[0]);
  assert.ok(codec, `no encoder ${encoder}`);
  const context = new av.CodecContext();
  context.allocContext3(codec);
  const { width, height } = track.frames[0] ?? assert.fail('a track without frames');
  context.width = width;
  context.height = height;
  context.pixelFormat = av.avGetPixFmtFromName(pixelFormat);
  context.timeBase = new av.Rational(1, track.times ? 1000 : fps);
  context.framerate = new av.Rational(fps, 1);
  context.gopSize = gop;
  context.maxBFrames = bFrames;
  context.threadCount = 1;
  context.setFlags(codes.AV_CODEC_FLAG_FRAME_DURATION);
  if (encoder === 'mpeg4' || encoder === 'mjpeg') context.setOption('qmax', 4);
  else context.bitRate = 400_000n;
  if (encoder === 'libx264') {
    context.setOption('preset', 'veryfast');
    context.setOption('x264-params', `${X264}${track.intraRefresh ? ':intra-refresh=1' : ''}`);
  }
  if (sampleAspectRatio) context.sampleAspectRatio = new av.Rational(...sampleAspectRatio);
  if (track.colour) {
    context.colorSpace = track.colour.space as typeof context.colorSpace;
    context.colorRange = track.colour.range as typeof context.colorRange;
  }
  if (format.oformat?.hasFlags(codes.AVFMT_GLOBALHEADER)) context.setFlags(codes.AV_CODEC_FLAG_GLOBAL_HEADER);
  check(library, context.open2Sync(codec, null));
  return context;
}

/** Keyframes exactly where they are asked for. */
const X264 = 'scenecut=0:b-adapt=0:log-level=none';

function converted({ av, codes }: Library, picture: Pixels | Raw, context: av.CodecContext): av.Frame {
  const { width, height } = picture;
  if ('planes' in picture)
    return av.Frame.fromVideoBuffer(Buffer.from(picture.planes), { width, height, format: context.pixelFormat });
  const format = codes.AV_PIX_FMT_RGB24;
  using rgb = av.Frame.fromVideoBuffer(Buffer.from(picture.data), { width, height, format });
  const frame = new av.Frame();
  frame.alloc();
  Object.assign(frame, { width, height, format: context.pixelFormat });
  Object.assign(frame, { colorSpace: context.colorSpace, colorRange: context.colorRange });
  using scale = new av.SoftwareScaleContext();
  scale.allocContext();
  assert.ok(scale.scaleFrameSync(frame, rgb) >= 0);
  return frame;
}

function matrixBytes([a, b, c, d]: readonly [number, number, number, number]): Buffer {
  const one = 2 ** 16;
  return Buffer.from(Int32Array.of(a * one, b * one, 0, c * one, d * one, 0, 0, 0, 2 ** 30).buffer);
}

function silence({ av, codes }: Library, format: av.FormatContext): Encoded {
  const stream = format.newStream();
  const timeBase = { num: 1, den: 8000 };
  Object.assign(stream.codecpar, {
    codecType: codes.AVMEDIA_TYPE_AUDIO,
    codecId: codes.AV_CODEC_ID_PCM_S16LE,
    format: codes.AV_SAMPLE_FMT_S16,
    sampleRate: timeBase.den,
    channelLayout: { nbChannels: 1, order: 1, mask: 4n },
  });
  stream.timeBase = new av.Rational(timeBase.num, timeBase.den);
  return { stream, timeBase, packets: [packetOf(av, Buffer.alloc(2 * timeBase.den), timeBase.den)] };
}

function cover(library: Library, format: av.FormatContext): Encoded {
  const encoded = encode(library, format, { frames: [numbered(255)], encoder: 'mjpeg', pixelFormat: 'yuvj420p' });
  encoded.stream.setDisposition(library.codes.AV_DISPOSITION_ATTACHED_PIC);
  return encoded;
}

function packetOf({ Packet }: Library['av'], data: Buffer, ticks: number): av.Packet {
  const packet = new Packet();
  packet.alloc();
  Object.assign(packet, { data, pts: 0n, dts: 0n, duration: BigInt(ticks), isKeyframe: true });
  return packet;
}

function check({ av }: Library, status: number): void {
  assert.ok(status >= 0, av.FFmpegError.strerror(status));
}
