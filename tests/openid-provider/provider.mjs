// An OpenID provider on a free port of this machine, for the tests. Says its address in one line, and ends with its input.
//
//   node provider.mjs CLIENT_ID CLIENT_SECRET REDIRECT_URI
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const [client_id, client_secret, redirect_uri] = process.argv.slice(2);
const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id, client_secret, redirect_uris: [redirect_uri] }],
    cookies: { keys: ['only for tests'] },
    pkce: { required: () => true },
    // Whoever names himself is let in: it is the answer that is tested, not the provider.
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  });
  server.on('request', provider.callback());
  console.log(issuer);
  // Whoever started this reads one line and no more.
  console.info = console.error;
});
process.stdin.resume().on('end', () => process.exit(0));
