// Decoded pictures → pixels as they are displayed. Colours are converted as the ffmpeg program does by default: by the
// matrix and range that the file states (BT.601 and limited where it does not), without tone mapping.

import type { FilterContext, FilterGraph, Frame } from 'node-av/lib';
import { type Pixels, pixels, turn } from '../../../data/image/index.js';
import { fail } from '../../../error/index.js';
import type { Container } from './container.js';

export interface Conversion {
  convert(frame: Frame): Pixels;
  close(): void;
}

interface Graph {
  readonly graph: FilterGraph;
  readonly source: FilterContext;
  readonly sink: FilterContext;
}

/** Converts frames of a container; their size and format may change on the way. */
export function createConversion(container: Container): Conversion {
  let current: { readonly input: string; readonly filters: Graph } | undefined;
  const close = () => {
    current?.filters.graph.free();
    current = undefined;
  };
  return {
    convert(frame) {
      const input = inputOf(frame);
      if (current?.input !== input) {
        close();
        current = { input, filters: createGraph(input, container) };
      }
      return turn(run(current.filters, frame, container), container.orientation);
    },
    close,
  };
}

function inputOf({ width, height, format, colorSpace, colorRange }: Frame): string {
  return `video_size=${width}x${height}:pix_fmt=${format}:colorspace=${colorSpace}:range=${colorRange}`;
}

/** Scales to square pixels and makes RGB, or RGBA where anything may be transparent: filters agree on what loses least. */
function createGraph(input: string, { path, library, width, height }: Container): Graph {
  const graph = new library.av.FilterGraph();
  graph.alloc();
  graph.nbThreads = 1; // it lives for a few pictures
  const output = `scale=${width}:${height},format=rgb24|rgba`;
  const status = graph.parse2(`buffer@in=${input}:time_base=1/1,${output},buffersink@out`);
  const configured = status < 0 ? status : graph.configSync();
  const source = graph.getFilter('buffer@in');
  const sink = graph.getFilter('buffersink@out');
  if (configured >= 0 && source && sink) return { graph, source, sink };
  graph.free();
  return refuse(path, configured, library.av);
}

function run({ source, sink }: Graph, frame: Frame, { path, library }: Container): Pixels {
  using converted = new library.av.Frame();
  converted.alloc();
  const status = source.buffersrcAddFrameSync(frame, library.codes.AV_BUFFERSRC_FLAG_KEEP_REF);
  const got = status < 0 ? status : sink.buffersinkGetFrameSync(converted);
  if (got < 0) refuse(path, got, library.av);
  return converted.format === library.codes.AV_PIX_FMT_RGBA ? flattened(converted) : packed(converted);
}

function refuse(path: string, status: number, av: Container['library']['av']): never {
  fail('data', { where: path, what: 'has pictures that cannot be converted', got: av.FFmpegError.strerror(status) });
}

function packed({ width, height, data, linesize }: Frame): Pixels {
  const [rows, stride] = [data?.[0] as Buffer, linesize[0] as number];
  const out = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) out.set(rows.subarray(y * stride, y * stride + width * 3), y * width * 3);
  return pixels(width, height, out);
}

/** On white, as images are. */
function flattened({ width, height, data, linesize }: Frame): Pixels {
  const [rows, stride] = [data?.[0] as Buffer, linesize[0] as number];
  const out = new Uint8Array(width * height * 3);
  for (let y = 0, to = 0; y < height; y++)
    for (let from = y * stride; from < y * stride + width * 4; from += 4) {
      const alpha = (rows[from + 3] as number) / 255;
      for (let i = 0; i < 3; i++) out[to++] = 255 + ((rows[from + i] as number) - 255) * alpha;
    }
  return pixels(width, height, out);
}
