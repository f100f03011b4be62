/** Where a walk through a tree stands. Text is made of it only for who asks: most values have nothing said of them. */
export class Path {
  private readonly keys: (string | number)[] = [];

  /** Into a map by a key, into a list by an index. */
  enter(key: string | number): void {
    this.keys.push(key);
  }

  leave(): void {
    this.keys.pop();
  }

  /** `services.web.ports[0]`; empty at the top. */
  text(): string {
    return this.keys.reduce<string>((path, key) => {
      if (typeof key === 'number') return `${path}[${key}]`;
      return path === '' ? key : `${path}.${key}`;
    }, '');
  }
}
