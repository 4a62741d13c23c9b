// Cyclic redundancy checks of 32 bits: they differ in their polynomial, whose bits are reversed here.

/** As in ZIP archives. */
export const crc32 = checksum(0xedb88320);

/** Castagnoli's, as in TFRecords. */
export const crc32c = checksum(0x82f63b78);

/** @returns of bytes that follow others with the checksum `before`; default 0, of none */
function checksum(polynomial: number): (bytes: Uint8Array, before?: number) => number {
  const table = Uint32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? polynomial ^ (crc >>> 1) : crc >>> 1;
    return crc;
  });
  return (bytes, before = 0) => {
    let crc = ~before;
    for (const byte of bytes) crc = (table[(crc ^ byte) & 255] as number) ^ (crc >>> 8);
    return ~crc >>> 0;
  };
}
