/** What our objects are called in the kernel, and the hardware addresses we give out. */
import { createHash } from 'node:crypto';
import { parseAddress } from './cidr.ts';

/** Interface names have at most 15 characters: three of ours, six of the engine, six of the object. */
export function bridgeName(tag: string, networkId: string): string {
  return `tsb${tag}${networkId.slice(0, 6)}`;
}

/** The host's end of a container's interface on a network. */
export function vethName(tag: string, containerId: string, networkId: string): string {
  return `${vethPrefix(tag)}${digest(`${containerId}/${networkId}`).slice(0, 6)}`;
}

export function vethPrefix(tag: string): string {
  return `tsv${tag}`;
}

export function tableName(tag: string): string {
  return `tscompose_${tag}`;
}

/** Docker's: the address behind `02:42`, so that neighbours' caches stay true when an address is given again. */
export function macOfAddress(ipv4: string): string {
  const value = parseAddress(ipv4)?.value ?? 0n;
  return mac(`0242${value.toString(16).padStart(8, '0')}`);
}

/** A bridge without a fixed one takes that of its lowest port, and changes it with the ports. */
export function macOfBridge(networkId: string): string {
  return mac(`0242${digest(networkId).slice(0, 8)}`);
}

/** `undefined` when the text is no hardware address of a single interface. */
export function parseMac(text: string): string | undefined {
  const digits = text.toLowerCase().replace(/[:-]/g, '');
  if (!/^([0-9a-f]{2}[:-]?){5}[0-9a-f]{2}$/i.test(text) || digits.length !== 12) return undefined;
  const isMulticast = (Number.parseInt(digits.slice(0, 2), 16) & 1) === 1;
  return isMulticast || /^0+$/.test(digits) ? undefined : mac(digits);
}

function mac(digits: string): string {
  return (digits.match(/../g) ?? []).join(':');
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
