// Numbers as people read them.

/** `4,784,640` */
export const count = (n: number): string => n.toLocaleString('en-US');

/** Decimal units, as file managers show them: `812 B`, `4.8 MB`. */
export function bytes(n: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, n < 1 ? 0 : Math.floor(Math.log10(n) / 3));
  const value = n / 1000 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}

/** `0.4 s`, `12 s`, `3 min 5 s`, `2 h 10 min`; nothing sensible is `…`. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '…';
  if (seconds < 9.95) return `${Math.max(0, seconds).toFixed(1)} s`;
  const all = Math.round(seconds);
  if (all < 60) return `${all} s`;
  const minutes = Math.floor(all / 60);
  if (minutes < 60) return `${minutes} min${all % 60 ? ` ${all % 60} s` : ''}`;
  return `${Math.floor(minutes / 60)} h${minutes % 60 ? ` ${minutes % 60} min` : ''}`;
}

/** Of a whole, with as many decimals as small shares need: `0.42 %`, `71 %`. */
export function percent(part: number, whole: number): string {
  const value = whole === 0 ? 0 : (100 * part) / whole;
  return `${value === 0 || value >= 10 ? Math.round(value) : value.toFixed(value >= 1 ? 1 : 2)} %`;
}

/** Four significant digits, short: `0.0005`, `2.314`, `1e-5`. */
export function brief(n: number): string {
  if (!Number.isFinite(n)) return `${n}`;
  const short = Number(n.toPrecision(4));
  return Math.abs(short) > 0 && Math.abs(short) < 1e-4 ? short.toExponential().replace('e+', 'e') : `${short}`;
}
