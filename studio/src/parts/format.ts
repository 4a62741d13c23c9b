// Numbers, sizes and times as people read them.

/** Between a number and its unit, which stay on one line. */
const SPACE = '\u00a0';

const WHOLE = new Intl.NumberFormat('en');
const SHORT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const AGO = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** `1,250` */
export const count = (value: number): string => WHOLE.format(value);

/** `151.7K` */
export const short = (value: number): string => SHORT.format(value);

/** `1 picture`, `1,250 pictures` */
export const counted = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;

/** @param share  between 0 and 1  @returns `6.6 %`, `0.03 %` */
export function percent(share: number): string {
  const value = share * 100;
  if (value === 0 || value >= 99.95) return `${Math.round(value)}${SPACE}%`;
  return value < 0.1 ? `${value.toPrecision(1)}${SPACE}%` : `${value.toFixed(1)}${SPACE}%`;
}

/** @returns `3.4 MB` */
export function size(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const power = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)}${SPACE}${units[power]}`;
}

/** @returns `40 ms`, `2.1 s`, `3 min`, `2 h 5 min` */
export function duration(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1000)}${SPACE}ms`;
  if (seconds < 60)
    return `${Number.isInteger(seconds) || seconds >= 10 ? Math.round(seconds) : seconds.toFixed(1)}${SPACE}s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes}${SPACE}min` : `${Math.floor(minutes / 60)}${SPACE}h ${minutes % 60}${SPACE}min`;
}

/** @param time  ISO 8601  @returns `28 Nov 2026` */
export const day = (time: string): string => DAY.format(new Date(time));

/** @param time  ISO 8601  @returns `5 minutes ago`, `yesterday`, and for what is older than a month the day */
export function ago(time: string): string {
  const seconds = (Date.parse(time) - Date.now()) / 1000;
  const steps = [
    ['second', 60],
    ['minute', 60],
    ['hour', 24],
    ['day', 30],
  ] as const;
  let value = seconds;
  for (const [unit, length] of steps) {
    if (Math.abs(value) < length) return AGO.format(Math.round(value), unit);
    value /= length;
  }
  return day(time);
}
