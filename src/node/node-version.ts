// Whether this Node is new enough. Imports nothing that an older one could not read.

/**
 * @param wanted  as package.json has it under `engines`: `>=20.10`
 * @param version  of this Node: `20.9.0`
 * @returns what to tell who runs an older one; undefined when it is new enough
 */
export function tooOld(wanted: string, version: string): string | undefined {
  const [major = 0, minor = 0] = numbersIn(version);
  const [leastMajor = 0, leastMinor = 0] = numbersIn(wanted);
  const isOld = major < leastMajor || (major === leastMajor && minor < leastMinor);
  return isOld ? `Node.js: is too old: got ${version}, expected ${leastMajor}.${leastMinor} or newer` : undefined;
}

const numbersIn = (text: string): number[] => text.match(/\d+/g)?.map(Number) ?? [];
