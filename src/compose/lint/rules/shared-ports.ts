import { claimedPorts, clash, type PublishedPort } from '../../load/consistency/between-services.ts';
import { profilesOf } from '../../load/select.ts';
import type { LintedService, LintRule } from '../rule.ts';

export const sharedPorts: LintRule = {
  code: 'COMPOSE_SHARED_PORT',
  about:
    'Two services of different profiles publish the same port of the host. Each profile works alone; with both of them active the project is refused, for a port can be published once. (Two services that are always up together are an error, not a warning.)',
  checkModel: ({ services }, warn) => {
    const before: { readonly of: LintedService; readonly port: PublishedPort }[] = [];
    for (const of of services) {
      for (const port of claimedPorts(of)) {
        const other = before.find((each) => clash(each.port, port) && areApart(each.of, of));
        if (other !== undefined)
          warn({
            message: `services.${of.name}: port ${port.port}/${port.protocol} is published by service "${other.of.name}" too, which has another profile`,
            at: port.at,
            hint: 'publish another port if the two are ever to run together',
          });
        before.push({ of, port });
      }
    }
  },
};

/** No single profile starts both. */
function areApart(one: LintedService, other: LintedService): boolean {
  const [mine, theirs] = [profilesOf(one.service), profilesOf(other.service)];
  return mine.length > 0 && theirs.length > 0 && !mine.some((profile) => theirs.includes(profile));
}
