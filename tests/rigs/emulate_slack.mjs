// Starts the Slack part of the npm package `emulate`: a stateful Web API that nobody here wrote.
// usage: node emulate_slack.mjs SCOPE,SCOPE,...     Prints its address once it listens on loopback.
// It checks scopes strictly, so the bot token may do what the manifest asks for and no more.
// What it has by itself: the channels C000000001 and C000000002 and an admin, U000000001. Two more
// members, bob and mo, join both channels; their ids are drawn by lot.
import net from 'node:net';
import { createEmulator } from 'emulate';

const scopes = (process.argv[2] ?? '').split(',').filter(Boolean);
const members = ['bob', 'mo'];
const memberScopes = ['im:write', 'users:read', 'channels:write', 'channels:join'];

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

const bot = { bot_id: 'B0HANDRAIL', bot_user_id: 'U0HANDRAIL', app_id: 'A0HANDRAIL' };
const port = await freePort();
const emulator = await createEmulator({
  service: 'slack',
  port,
  hostname: '127.0.0.1',
  baseUrl: `http://127.0.0.1:${port}`,
  seed: {
    slack: {
      strict_scopes: true,
      team: { name: 'Rig', domain: 'rig' },
      users: members.map((name) => ({ name, is_admin: false })),
      oauth_apps: [{
        client_id: '1.2', client_secret: 'not-a-secret', name: 'Handrail', bot_name: 'handrail',
        redirect_uris: ['https://handrail.example/slack/oauth_redirect'], scopes, ...bot,
      }],
      tokens: [
        { token: 'xoxb-bot', type: 'bot', user_id: bot.bot_user_id, scopes, ...bot },
        { token: 'xoxp-member', type: 'user', user: 'admin', scopes: memberScopes },
        ...members.map((name) => ({
          token: `xoxp-${name}`, type: 'user', user: name, scopes: memberScopes,
        })),
      ],
    },
  },
});
for (const name of members) {
  for (const channel of ['C000000001', 'C000000002']) {
    const response = await fetch(`${emulator.url}/api/conversations.join`, {
      method: 'POST',
      headers: { 'Authorization': `Bearer xoxp-${name}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ channel }),
    });
    const told = await response.json();
    if (!told.ok) throw new Error(`${name} cannot join ${channel}: ${told.error}`);
  }
}
console.log(emulator.url);
process.on('SIGTERM', () => emulator.close().then(() => process.exit(0)));
