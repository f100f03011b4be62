import { describe, expect, it } from 'vitest';
import { socketEntries } from '../../src/host/procnet.ts';

const header =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';

describe('the kernel’s socket tables', () => {
  it('name listeners, not connections', () => {
    const table = `${header}
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4242 1 0 100 0 0 10 0
   1: 0100007F:1F90 0100007F:C001 01 00000000:00000000 00:00000000 00000000     0        0 4243 1 0 100 0 0 10 0
`;
    expect(socketEntries(table, 'tcp')).toEqual([{ address: '127.0.0.1', port: 8080, inode: 4242 }]);
  });

  it('name bound UDP sockets, of IPv6 too', () => {
    const table = `${header}
  10: 00000000000000000000000001000000:0035 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 99 2 0 0
`;
    expect(socketEntries(table, 'udp')).toEqual([{ address: '::1', port: 53, inode: 99 }]);
  });
});
