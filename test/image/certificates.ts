/** An authority and what it signs, made by openssl. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** Makes the authority `ca.crt` in the directory. */
export function makeAuthority(directory: string): void {
  const subject = ['-subj', '/CN=authority of the tests', '-addext', 'basicConstraints=critical,CA:TRUE'];
  openssl(directory, ['req', '-x509', ...newKey('ca'), ...subject, '-out', 'ca.crt']);
}

/** For a server or a client; `names` as openssl has them: `IP:0.0.0.0`, `DNS:registry.test`. */
export function makeCertificate(directory: string, name: string, names: readonly string[]): Certificate {
  openssl(directory, ['req', ...newKey(name), '-subj', `/CN=${name}`, '-out', `${name}.csr`]);
  writeFileSync(join(directory, `${name}.ext`), `subjectAltName=${names.join(',')}\n`);
  const signing = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', `${name}.ext`];
  openssl(directory, ['x509', '-req', '-in', `${name}.csr`, ...signing, '-out', `${name}.cert`]);
  const read = (file: string): string => readFileSync(join(directory, file), 'utf8');
  return { cert: read(`${name}.cert`), key: read(`${name}.key`) };
}

function newKey(name: string): readonly string[] {
  return ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc', '-keyout', `${name}.key`];
}

function openssl(directory: string, args: readonly string[]): void {
  execFileSync('openssl', args, { cwd: directory, stdio: 'pipe' });
}
