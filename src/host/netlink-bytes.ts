/** The grains of every netlink message. @see netlink(7); integers are little-endian, as on all but s390x */

export const requestFlag = 0x1;
export const acknowledgeFlag = 0x4;
/** Of an attribute's type: its value is attributes again. */
export const nested = 0x8000;

export const nothing = Buffer.alloc(0);

/** Type, length and value, padded to four bytes. */
export function attribute(type: number, ...values: readonly Buffer[]): Buffer {
  const value = Buffer.concat(values);
  const encoded = Buffer.alloc(4 + Math.ceil(value.length / 4) * 4);
  encoded.writeUInt16LE(4 + value.length, 0);
  encoded.writeUInt16LE(type, 2);
  value.copy(encoded, 4);
  return encoded;
}

export function optional(type: number, value: number | undefined): Buffer {
  return value === undefined ? nothing : attribute(type, u32(value));
}

export function text(type: number, value: string): Buffer {
  return attribute(type, Buffer.from(`${value}\0`));
}

export function u8(value: number): Buffer {
  return Buffer.from([value]);
}

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

export function macBytes(mac: string): Buffer {
  return Buffer.from(mac.replaceAll(':', ''), 'hex');
}

/** `struct nlmsghdr` and what follows it. */
export function message(type: number, flags: number, sequence: number, body: Buffer): Buffer {
  const header = Buffer.alloc(16);
  header.writeUInt32LE(16 + body.length, 0);
  header.writeUInt16LE(type, 4);
  header.writeUInt16LE(flags, 6);
  header.writeUInt32LE(sequence, 8);
  return Buffer.concat([header, body]);
}
