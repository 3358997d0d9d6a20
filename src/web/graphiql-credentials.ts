/** The credentials that callers need. */
export type Wanted = 'jwt' | 'api-key';

const WORDS: Record<Wanted, { label: string; whole: string }> = {
  'api-key': { label: 'API key', whole: 'an API key' },
  jwt: { label: 'Bearer token', whole: 'a bearer token (a JWT)' },
};

/**
 * The field for a key or token above GraphiQL. Once the service has accepted the key, every tab and the request for the schema
 * send it, unless the headers of a tab have credentials of their own. The key is a variable of the page and nothing else.
 * It is not a password field, because browsers offer to store those.
 */
export const credentialsField = (wanted: Wanted): string => /* HTML */ `
  <style>
    body { display: flex; flex-direction: column; height: 100vh; margin: 0 }
    #root { flex: 1; min-height: 0 }
    #root .graphiql-container { height: 100% }
    #credentials { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 12px; padding: 8px 16px;
      background: #1f2937; color: #f9fafb; font: 15px/1.4 system-ui, sans-serif }
    #credentials label { font-weight: 600 }
    #credentials input { width: 22em; padding: 4px 8px; border: 1px solid #9ca3af; border-radius: 4px;
      background: #fff; color: #111827; font: inherit; -webkit-text-security: disc }
    #credentials button { padding: 4px 14px; border: 1px solid #9ca3af; border-radius: 4px;
      background: #374151; color: inherit; font: inherit; cursor: pointer }
    #credentials output[data-state=good] { color: #86efac }
    #credentials output[data-state=bad] { color: #fca5a5 }
  </style>
  <form id="credentials" autocomplete="off">
    <label for="credential">${WORDS[wanted].label}</label>
    <input id="credential" type="text" autocomplete="off" autocapitalize="off" spellcheck="false" />
    <button>Use</button>
    <output for="credential">Every request needs ${WORDS[wanted].whole}. Only this page keeps it, until a reload.</output>
  </form>
  <script>
    {
      const form = document.getElementById('credentials');
      const field = form.querySelector('input');
      const output = form.querySelector('output');
      const endpoint = new URL(location.pathname, location.href).href;
      const send = window.fetch.bind(window);
      const whatIsWanted = output.textContent;
      let credential;
      let accept;
      const accepted = new Promise((resolve) => { accept = resolve; });

      const tell = (text, state = '') => {
        output.textContent = text;
        output.dataset.state = state;
      };
      const sendWith = (value, url, init) => {
        const headers = new Headers(init.headers);
        headers.set('authorization', 'Bearer ' + value);
        return send(url, { ...init, headers });
      };
      const problemOf = async (response) => {
        if (!response) return 'The service cannot be reached.';
        const { errors = [] } = await response.clone().json().catch(() => ({}));
        const what = { 401: 'Not accepted', 403: 'Refused' }[response.status] ?? 'It could not be tried';
        return what + ' (' + response.status + '): ' + (errors[0]?.message ?? response.statusText);
      };

      form.addEventListener('submit', async (event) => {
        event.preventDefault();
        const given = field.value.trim().replace(/^Bearer\\s+/i, '');
        if (!/^[\\x21-\\x7e]+$/.test(given))
          return tell(given ? 'This cannot be one: it has blanks, or characters beyond ASCII.' : 'The field is empty.', 'bad');
        tell('Asking the service …');
        const response = await sendWith(given, endpoint, {
          method: 'POST',
          headers: { accept: 'application/json', 'content-type': 'application/json' },
          body: '{"query":"{ __typename }"}',
        }).catch(() => undefined);
        if (!response?.ok) return tell(await problemOf(response), 'bad');
        credential = given;
        field.value = '';
        accept();
        tell('Accepted: all tabs and the schema use it, until the page is reloaded.', 'good');
      });

      window.fetch = async (url, init = {}) => {
        if (new URL(url, location.href).href !== endpoint) return send(url, init);
        const own = new Headers(init.headers);
        if (own.has('authorization') || own.has('x-api-key')) return send(url, init);
        const isForSchema = String(init.body).includes('IntrospectionQuery');
        if (isForSchema) await accepted; // GraphiQL asks when it opens, and would only show an error
        const response = await (credential === undefined ? send(url, init) : sendWith(credential, url, init));
        if (response.status === 401 && credential === undefined) tell(whatIsWanted, 'bad');
        else if (response.status === 401 || response.status === 403) tell(await problemOf(response), 'bad');
        return response;
      };
    }
  </script>
`;
