import { describe, expect, it } from 'vitest';
import {
  canonicalOf,
  mergedOf,
  mistakesIn,
  placesIn,
  serviceOf,
  warningsIn,
  web,
} from '../../load/loading.ts';

const resources = (written: string): string => web(`deploy: {resources: ${written}}`);

describe('deploy.resources', () => {
  it('limits processors, memory and processes, and reserves them', async () => {
    const yaml = resources(
      '{limits: {cpus: "0.50", memory: 50M, pids: "100"}, reservations: {cpus: 0.25, memory: $MEMORY}}',
    );
    const env = { MEMORY: '20m' };
    expect(await canonicalOf(yaml, { env })).toEqual({
      deploy: {
        resources: {
          limits: { cpus: 0.5, memory: '52428800', pids: 100 },
          reservations: { cpus: 0.25, memory: '20971520' },
        },
        placement: {},
      },
    });
    expect((await serviceOf(yaml, { env })).resources).toEqual({
      cpus: 0.5,
      memoryBytes: 52428800,
      memoryReservationBytes: 20971520,
      pids: 100,
    });
  });

  it('reserves devices: so many, all of them, or these', async () => {
    const yaml = resources(
      '{reservations: {devices: [{capabilities: [gpu], driver: nvidia, count: "2", options: [a=1]}, {capabilities: [tpu], count: all}, {capabilities: [fpga]}, {capabilities: [gpu], device_ids: ["0", "3"], options: {b: 2}}]}}',
    );
    expect(await canonicalOf(yaml)).toEqual({
      deploy: {
        resources: {
          reservations: {
            devices: [
              { capabilities: ['gpu'], driver: 'nvidia', count: 2, options: { a: '1' } },
              { capabilities: ['tpu'], count: -1 },
              { capabilities: ['fpga'], count: -1 },
              { capabilities: ['gpu'], device_ids: ['0', '3'], options: { b: '2' } },
            ],
          },
        },
        placement: {},
      },
    });
  });

  it('reserves generic resources of a cluster', async () => {
    const yaml = resources(
      '{reservations: {generic_resources: [{discrete_resource_spec: {kind: gpu, value: 2}}, {discrete_resource_spec: {kind: ssd, value: "1"}}]}}',
    );
    expect(await canonicalOf(yaml)).toEqual({
      deploy: {
        resources: {
          reservations: {
            generic_resources: [
              { discrete_resource_spec: { kind: 'gpu', value: 2 } },
              { discrete_resource_spec: { kind: 'ssd', value: 1 } },
            ],
          },
        },
        placement: {},
      },
    });
  });

  it('merges key by key, and devices are appended', async () => {
    expect(
      await mergedOf(
        'deploy: {resources: {limits: {cpus: 1, pids: 5}, reservations: {devices: [{capabilities: [gpu]}]}}}',
        'deploy: {resources: {limits: {cpus: 2}, reservations: {devices: [{capabilities: [tpu]}]}}}',
      ),
    ).toEqual({
      deploy: {
        resources: {
          limits: { cpus: 2, pids: 5 },
          reservations: {
            devices: [
              { capabilities: ['gpu'], count: -1 },
              { capabilities: ['tpu'], count: -1 },
            ],
          },
        },
        placement: {},
      },
    });
  });

  it.each([
    ['cpus: 1', '{limits: {cpus: 2}}', 'cpus', 'deploy.resources.limits.cpus', 11],
    ['mem_limit: 64m', '{limits: {memory: 65m}}', 'mem_limit', 'deploy.resources.limits.memory', 16],
    [
      'mem_reservation: 64m',
      '{reservations: {memory: 65m}}',
      'mem_reservation',
      'deploy.resources.reservations.memory',
      22,
    ],
    ['pids_limit: 5', '{limits: {pids: 6}}', 'pids_limit', 'deploy.resources.limits.pids', 17],
  ])('must agree with %s of the service', async (own, deployed, key, path, column) => {
    expect(await mistakesIn(web(own, `deploy: {resources: ${deployed}}`))).toEqual([
      `4:${column} COMPOSE_CONFLICT: services.web: can't set distinct values on '${key}' and '${path}' -> keep one of the two`,
    ]);
  });

  it('refuses a count of devices beside their names', async () => {
    expect(
      await mistakesIn(
        resources('{reservations: {devices: [{capabilities: [gpu], count: 1, device_ids: ["0"]}]}}'),
      ),
    ).toEqual([
      '4:83 COMPOSE_CONFLICT: services.web.deploy.resources.reservations.devices[0]: "count" and "device_ids" attributes are exclusive -> keep `count` for so many of any kind, `device_ids` for these',
    ]);
  });

  it('refuses a reservation above the limit, and limits that no container starts in', async () => {
    expect(await mistakesIn(resources('{limits: {memory: 10m}, reservations: {memory: 20m}}'))).toEqual([
      '4:72 COMPOSE_VALUE: services.web.deploy.resources.reservations.memory: the reservation 20m is above the limit 10m -> reserve less, or raise the limit',
    ]);
    expect(await mistakesIn(resources('{limits: {memory: 1k, cpus: 0.001}}'))).toEqual([
      '4:43 COMPOSE_VALUE: services.web.deploy.resources.limits.memory: 1k is too little memory to start a container -> write 6m at least',
      '4:53 COMPOSE_VALUE: services.web.deploy.resources.limits.cpus: 0.001 of a processor is too little -> write 0.01 at least',
    ]);
  });

  it('warns of reservations that only a cluster keeps', async () => {
    expect(
      await warningsIn(
        resources('{reservations: {cpus: 1, devices: [{capabilities: [gpu]}], generic_resources: []}}'),
      ),
    ).toEqual([
      'COMPOSE_NO_EFFECT: these attributes have no effect in this version: services.deploy.resources.reservations.cpus, services.deploy.resources.reservations.devices, services.deploy.resources.reservations.generic_resources',
    ]);
  });

  it.each([
    ['{limits: {cpus: lots}}', '4:41 COMPOSE_TYPE'],
    ['{limits: {memory: 50}}', '4:43 COMPOSE_TYPE'],
    ['{limits: {memory: much}}', '4:43 COMPOSE_SIZE'],
    ['{limits: {pids: x}}', '4:41 COMPOSE_TYPE'],
    ['{limits: {pid: 1}}', '4:35 COMPOSE_UNKNOWN_KEY'],
    ['{reservations: {devices: [{driver: x}]}}', '4:51 COMPOSE_MISSING_KEY'],
    ['{reservations: {devices: [{capabilities: gpu}]}}', '4:66 COMPOSE_TYPE'],
    ['{reservations: {devices: [{capabilities: [gpu], count: some}]}}', '4:80 COMPOSE_VALUE'],
    ['{reservations: {generic_resources: [{discrete_resource_spec: {value: many}}]}}', '4:94 COMPOSE_TYPE'],
    ['{reservation: {}}', '4:26 COMPOSE_UNKNOWN_KEY'],
  ])('refuses %s', async (written, place) => {
    expect(await placesIn(resources(written))).toEqual([place]);
  });
});
