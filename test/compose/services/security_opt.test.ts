import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, mistakesIn, placesIn, serviceOf, web } from '../load/loading.ts';

describe('security_opt', () => {
  it('is a list of options, printed as they are written', async () => {
    const options = ['no-new-privileges:true', 'seccomp=unconfined', 'label:disable', 'apparmor=web'];
    const yaml = web(`security_opt: [${options.join(', ')}]`);
    expect(await canonicalOf(yaml)).toEqual({ security_opt: options });
    expect((await serviceOf(yaml)).securityOpt).toEqual(options);
  });

  it('is empty when nothing is said', async () => {
    expect(await canonicalOf(web('security_opt: []'))).toEqual({});
    expect((await serviceOf(web())).securityOpt).toEqual([]);
  });

  it('names a profile of system calls by a path beside the project, which is printed as it is', async () => {
    const yaml = web('security_opt: ["seccomp=./calls.json", "seccomp:profiles/b.json"]');
    expect(await canonicalOf(yaml)).toEqual({
      security_opt: ['seccomp=./calls.json', 'seccomp:profiles/b.json'],
    });
    expect((await serviceOf(yaml)).securityOpt).toEqual([
      'seccomp=/p/calls.json',
      'seccomp:/p/profiles/b.json',
    ]);
  });

  it('may hold variables, and is added to by what is laid over it', async () => {
    const env = { LABEL: 'user:a' };
    expect(
      await mergedOf('security_opt: [label=disable]', 'security_opt: ["label=$LABEL"]', { env }),
    ).toEqual({ security_opt: ['label=disable', 'label=user:a'] });
  });

  it('holds nothing twice, whatever file it comes from', async () => {
    expect(await placesIn(web('security_opt: [label=disable, label=disable]'))).toEqual([
      '4:35 COMPOSE_REPEATED',
    ]);
  });

  it('is refused where there is no such option when the project is to be started', async () => {
    expect(await mistakesIn(web('security_opt: [secomp=unconfined, no-new-privileges=maybe]'))).toEqual([
      '4:20 COMPOSE_VALUE: services.web.security_opt[0]: "secomp=unconfined" is no security option -> did you mean "seccomp"?',
      '4:39 COMPOSE_VALUE: services.web.security_opt[1]: "no-new-privileges=maybe" is no security option -> write seccomp=unconfined, seccomp=PROFILE.json, apparmor=…, label=…, no-new-privileges or systempaths=unconfined',
    ]);
    expect(await mistakesIn(web('security_opt: [anything]'), { purpose: 'read' })).toEqual([]);
  });

  it.each([
    ['no-new-privileges', '4:19 COMPOSE_TYPE'],
    ['[true]', '4:20 COMPOSE_TYPE'],
    ['{seccomp: unconfined}', '4:5 COMPOSE_TYPE'],
  ])('refuses %s', async (written, place) => {
    expect(await placesIn(web(`security_opt: ${written}`))).toEqual([place]);
  });
});
