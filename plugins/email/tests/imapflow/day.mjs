// A day of a program that reads mail with ImapFlow: what it found goes to the standard output.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const [folder, host, port, secure, user, certificate] = process.argv.slice(2);
const { ImapFlow } = createRequire(`${folder}/`)('imapflow');
const texts = [];
const gone = [];
const qresync = secure === 'yes';
const client = new ImapFlow({
    host,
    port: Number(port),
    secure: secure === 'yes',
    doSTARTTLS: secure !== 'yes',
    auth: { user, pass: process.env.SECRET },
    tls: { ca: readFileSync(certificate) },
    qresync,
    logger: false,
});
client.on('expunge', ({ seq, uid, vanished }) => gone.push(vanished ? uid : seq));
client.on('error', (error) => texts.push(`error: ${error.message}`));
await client.connect();

// Folders
assert.ok(client.capabilities.has('IDLE'));
const made = await client.mailboxCreate(['Chantiers', 'Été à Paris']);
assert.equal(made.path, 'Chantiers/Été à Paris');
await client.mailboxRename('Chantiers/Été à Paris', 'Chantiers/L’été & co');
await client.mailboxSubscribe('Chantiers/L’été & co');
await client.mailboxUnsubscribe('Chantiers');
const listed = await client.list({ statusQuery: { messages: true, unseen: true } });
const uses = Object.fromEntries(listed.map((one) => [one.path, one.specialUse]));
assert.equal(uses.Trash, '\\Trash');
assert.equal(uses.Sent, '\\Sent');
assert.ok('Chantiers/L’été & co' in uses);
assert.equal(listed.find((one) => one.path === 'INBOX').status.messages, 3);
assert.equal((await client.getQuota('INBOX')).path, 'INBOX');

// What is in the inbox: two from before, and one more while it waits
const lock = await client.getMailboxLock('INBOX');
const heard = new Promise((resolve) => client.once('exists', resolve));
await client.append('INBOX', 'Subject: Du bureau\r\n\r\nUn mot.\r\n', ['\\Seen'], new Date());
assert.equal((await heard).count, 4);
const all = await client.fetchAll('1:*', {
    uid: true, flags: true, envelope: true, bodyStructure: true, internalDate: true, size: true,
    threadId: true, headers: ['subject'],
});
assert.deepEqual(all.map((one) => one.envelope.subject), ['Un', 'Deux', 'Été', 'Du bureau']);
assert.ok(all.every((one) => one.emailId && one.threadId));
const { content } = await client.download('3', '1');
const pieces = [];
for await (const piece of content) pieces.push(piece);
assert.equal(Buffer.concat(pieces).toString().trim(), 'Là-bas.');
assert.deepEqual(await client.search({ subject: 'Été' }, { uid: true }), [3]);
assert.deepEqual(await client.search({ or: [{ seen: true }, { from: 'nobody' }] }), [4]);

// Marks, with and without what is known of changes; moved, copied, deleted
await client.messageFlagsAdd('1', ['\\Flagged', '\\Seen']);
await client.messageFlagsAdd({ uid: '2' }, ['$Forwarded'], { uid: true });
await client.messageFlagsRemove('1', ['\\Seen']);
await client.messageFlagsSet('4', ['\\Answered']);
const copied = await client.messageCopy('1', 'Chantiers/L’été & co');
assert.equal(copied.uidMap.get(1), 1);
const moved = await client.messageMove({ subject: 'Deux' }, 'Archive');
assert.equal(moved.uidMap.get(2), 1);
await client.messageDelete({ subject: 'Du bureau' });
// By number, or by uid where that was asked for: then ImapFlow itself counts none down.
assert.deepEqual(gone, qresync ? [2, 4] : [2, 3]);
assert.equal(client.mailbox.exists, qresync ? 4 : 2);
assert.ok((await client.status('Archive', { messages: true, highestModseq: true })).highestModseq);

// It waits, and is told what another does
const told = new Promise((resolve) => client.once('exists', resolve));
console.log('waiting');
const idle = client.idle();
assert.equal((await told).count, 3);
await client.noop();
await idle;
lock.release();
await client.mailboxCreate('Passager');
await client.mailboxDelete('Passager');
await client.logout();
assert.deepEqual(texts, []);
console.log('done');
