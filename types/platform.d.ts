// All that the core uses beyond ECMAScript: what Node and every browser have in common, and not a method more.
// Outside src, since only tsconfig.core.json may see it: elsewhere the platform's own declarations hold.

interface TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
}

declare var TextEncoder: { new (): TextEncoder };

interface TextDecoder {
  decode(bytes: ArrayBuffer | ArrayBufferView): string;
}

interface TextDecoderOptions {
  readonly fatal?: boolean;
  readonly ignoreBOM?: boolean;
}

declare var TextDecoder: { new (encoding: 'utf-8', options?: TextDecoderOptions): TextDecoder };
