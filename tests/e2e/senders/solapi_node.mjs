// npm's `solapi`, unmodified: does what its first argument says, and prints what came of it as one line of JSON.
import { createRequire } from 'node:module';
const require = createRequire(process.env.E2E_MODULES + '/');
const { SolapiMessageService } = require('solapi');

const service = new SolapiMessageService('bongsu-test-key', 'bongsu-test-secret');
const [what, ...given] = process.argv.slice(2);
const alimtalk = (to, more = {}) => ({
  to, from: '0212345678',
  kakaoOptions: { pfId: 'KA01PFlh', templateId: 'KA01TP_RENT', variables: { 이름: '홍길동', 기한: '2026-12-31' }, ...more },
});
const number = (n) => `0100000${String(n).padStart(4, '0')}`;
const acts = {
  send: async (to, off) => (await service.send(alimtalk(to, off ? { disableSms: true } : {}), { showMessageList: true })),
  many: async (count) => (await service.send([...Array(Number(count)).keys()].map((n) => alimtalk(number(n))))),
  list: async (groupId) => service.getMessages({ groupId, limit: 500 }),
  all: async () => service.getMessages({ limit: 500 }),
  group: async (groupId) => service.getGroup(groupId),
  steps: async (to) => {
    const id = await service.createGroup();
    const added = await service.addMessagesToGroup(id, [alimtalk(to)]);
    const sent = await service.sendGroup(id);
    const list = await service.getGroupMessages(id);
    return { id, added, sent, list };
  },
  account: async () => ({
    balance: await service.getBalance(), groups: await service.getGroups({ limit: 5 }),
    templates: await service.getKakaoAlimtalkTemplates(), channels: await service.getKakaoChannels(),
  }),
};
const began = performance.now();
const took = () => Math.round(performance.now() - began);
try {
  console.log(JSON.stringify({ ok: await acts[what](...given), ms: took() }));
} catch (error) {
  console.log(JSON.stringify({ error: error.constructor.name, tag: error._tag, code: error.errorCode, text: String(error), ms: took() }));
}
