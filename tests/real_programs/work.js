// SPDX-License-Identifier: MIT
// Work for an allocator: buffers, JSON, compression, hashes, in the main thread and in two others.
'use strict';
const { Worker, isMainThread, parentPort, workerData } = require('worker_threads');
const crypto = require('crypto');
const zlib = require('zlib');

function work(seed, count) {
    let x = seed;
    const groups = new Map();
    const buffers = [];
    for (let i = 0; i < count; i++) {
        x = (x * 1103515 + 12345) % 2147483647;
        const key = 'key ' + (x % 5003);
        groups.set(key, (groups.get(key) || '') + 'v'.repeat(x % 97));
        buffers[x % 512] = Buffer.alloc(x % 20000, x % 256);
    }
    const text = JSON.stringify([...groups].sort());
    const packed = zlib.deflateSync(text);
    const again = zlib.inflateSync(packed).toString();
    const hash = crypto.createHash('sha256').update(again);
    for (const buffer of buffers)
        if (buffer)
            hash.update(buffer);
    return hash.digest('hex');
}

if (!isMainThread) {
    parentPort.postMessage(work(workerData.seed, workerData.count));
} else {
    const count = Number(process.argv[2]);
    console.log(1, work(1, count));
    const results = [2, 3].map((seed) => new Promise((done, failed) => {
        const worker = new Worker(__filename, { workerData: { seed, count } });
        worker.once('message', (result) => done(`${seed} ${result}`));
        worker.once('error', failed);
    }));
    Promise.all(results).then((lines) => console.log(lines.join('\n')));
}
