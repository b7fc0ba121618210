// A certified OpenID provider with two people, for the tests of log-ins by another service.
// node provider.mjs STATIC_FOLDER PORT RETURN_URL

import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [, , folder, port, returnUrl] = process.argv;
const fromStatic = createRequire(pathToFileURL(join(folder, 'package.json')));
const { default: Provider } = await import(pathToFileURL(fromStatic.resolve('oidc-provider')));

// What each says of himself can be changed while the provider runs: POST /people/<name>.
const people = new Map();

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    {
      client_id: 'wlantrack',
      client_secret: 'a secret of the tests only, long enough',
      redirect_uris: [returnUrl],
    },
  ],
  cookies: { keys: ['for tests only'] },
  pkce: { required: () => true },
  claims: { openid: ['sub'], profile: ['name', 'preferred_username', 'groups', 'email'] },
  findAccount: (_context, id) => ({
    accountId: id,
    claims: () => ({ sub: id, ...people.get(id) }),
  }),
});

provider.use(async (context, next) => {
  if (context.method !== 'POST' || !context.path.startsWith('/people/')) return next();
  const parts = [];
  for await (const part of context.req) parts.push(part);
  people.set(context.path.slice('/people/'.length), JSON.parse(Buffer.concat(parts).toString()));
  context.status = 204;
});

provider.listen(Number(port), '127.0.0.1', () => process.stdout.write('ready\n'));
