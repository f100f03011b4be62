/** Durations, moments and sizes the way Docker words them. */

const minute = 60;
const hour = 60 * minute;

/** @see docker/go-units HumanDuration */
export function duration(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  const hours = Math.floor(seconds / hour + 0.5);
  if (seconds < 1) return 'Less than a second';
  if (seconds === 1) return '1 second';
  if (seconds < minute) return `${seconds} seconds`;
  if (seconds < 2 * minute) return 'About a minute';
  if (seconds < hour) return `${Math.floor(seconds / minute)} minutes`;
  if (hours === 1) return 'About an hour';
  if (hours < 48) return `${hours} hours`;
  if (hours < 24 * 7 * 2) return `${Math.floor(hours / 24)} days`;
  if (hours < 24 * 30 * 2) return `${Math.floor(hours / 24 / 7)} weeks`;
  if (hours < 24 * 365 * 2) return `${Math.floor(hours / 24 / 30)} months`;
  return `${Math.floor(hours / 24 / 365)} years`;
}

export function ago(at: number, now: number): string {
  return `${duration(now - at)} ago`;
}

const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** Three digits and a decimal unit: `7.34MB`. @see docker/go-units HumanSizeWithPrecision */
export function bytes(size: number): string {
  let unit = 0;
  let amount = size;
  while (amount >= 1000 && unit < units.length - 1) {
    amount /= 1000;
    unit += 1;
  }
  return `${Number(amount.toPrecision(3))}${units[unit]}`;
}

/** Local time as Go prints it: `2024-05-01 10:00:00 +0200 CEST`. */
export function localTime(at: number): string {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  const minutes = -date.getTimezoneOffset();
  const offset = `${minutes < 0 ? '-' : '+'}${two(Math.trunc(Math.abs(minutes) / 60))}${two(Math.abs(minutes) % 60)}`;
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return `${day} ${time} ${offset} ${zoneName(date) ?? offset}`;
}

let zones: Intl.DateTimeFormat | undefined;

function zoneName(date: Date): string | undefined {
  zones ??= new Intl.DateTimeFormat('en-GB', { timeZoneName: 'short' });
  const part = zones.formatToParts(date).find(({ type }) => type === 'timeZoneName');
  return part !== undefined && /^[A-Z]+$/.test(part.value) ? part.value : undefined;
}

/** At most so many characters; what is cut shows as `…`. */
export function ellipsis(text: string, length: number): string {
  const characters = [...text];
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
}

/** Lines of at most so many columns, each behind as many blanks as `indent` says. */
export function paragraph(text: string, indent: number, columns = 80): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent + line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((each) => `${' '.repeat(indent)}${each}\n`).join('');
}
