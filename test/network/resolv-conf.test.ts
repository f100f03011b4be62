import { describe, expect, it } from 'vitest';
import { changedResolvConf, containerResolvConf, parseResolvConf } from '../../src/network/index.ts';

const host = parseResolvConf(`# made by hand
nameserver 10.0.0.53   ; the office
nameserver fe80::1%eth0
nameserver 127.0.0.53
domain old.example
search corp.example  lab.example
options timeout:2
options edns0
`);

describe('resolv.conf', () => {
  it('is read with comments, repeated options, and without servers that only mean something elsewhere', () => {
    expect(host).toEqual({
      servers: ['10.0.0.53', '127.0.0.53'],
      search: ['corp.example', 'lab.example'],
      options: ['timeout:2', 'edns0'],
    });
  });

  it('of a container names its own resolver and keeps the host’s search list', () => {
    expect(containerResolvConf(host, { search: [], options: [] })).toBe(
      'nameserver 127.0.0.11\nsearch corp.example lab.example\noptions timeout:2 edns0 ndots:0\n',
    );
  });

  it('of a container follows what the service says', () => {
    expect(containerResolvConf(host, { search: ['svc.local'], options: ['ndots:5'] })).toBe(
      'nameserver 127.0.0.11\nsearch svc.local\noptions ndots:5\n',
    );
    expect(containerResolvConf(host, { search: ['.'], options: ['rotate'] })).toBe(
      'nameserver 127.0.0.11\noptions rotate ndots:0\n',
    );
  });

  it('of a container without a network of ours is the host’s, with what the service changes', () => {
    expect(changedResolvConf(host, { servers: [], search: ['svc.local'], options: [] })).toBe(
      'nameserver 10.0.0.53\nnameserver 127.0.0.53\nsearch svc.local\noptions timeout:2 edns0\n',
    );
    expect(changedResolvConf(host, { servers: ['9.9.9.9'], search: ['.'], options: ['rotate'] })).toBe(
      'nameserver 9.9.9.9\noptions rotate\n',
    );
  });
});
