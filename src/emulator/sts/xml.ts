type Members = { [name: string]: string | number | Members | undefined };

const ESCAPES = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
]);

/** An element for each member that is not undefined, indented as AWS does it. An object has elements. */
function toXml(members: Members, indent = ''): string {
  return Object.entries(members)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) =>
      typeof value === 'object'
        ? `${indent}<${name}>\n${toXml(value, `${indent}  `)}${indent}</${name}>\n`
        : `${indent}<${name}>${escaped(String(value))}</${name}>\n`,
    )
    .join('');
}

/** Characters that XML 1.0 has no place for become question marks. */
const escaped = (text: string) =>
  text
    .replace(/[&<>"]/g, (character) => ESCAPES.get(character) ?? character)
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '?');

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

/** A document of STS with this root. */
export const document = (root: string, members: Members): string =>
  `<${root} xmlns="${NAMESPACE}">\n${toXml(members, '  ')}</${root}>\n`;
