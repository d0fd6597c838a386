// PouchDB to a PouchDB server over loopback, both on LevelDB: pushes the documents of a file.
//   node peer.js DOCUMENTS.ndjson FOLDER      prints {"documents": n, "seconds": s}
"use strict";

const fs = require("fs");
const path = require("path");
const { fork } = require("child_process");
const PouchDB = require("pouchdb");

const BATCH = 1000;

function serve(folder) {
  const express = require("express");
  const server = express();
  const Stored = PouchDB.defaults({ prefix: folder + path.sep });
  process.chdir(folder);
  server.use("/", require("express-pouchdb")(Stored, { inMemoryConfig: true, mode: "minimumForPouchDB" }));
  const listening = server.listen(0, "127.0.0.1", () => process.send(listening.address().port));
}

async function measure(documents, folder) {
  fs.mkdirSync(path.join(folder, "server"), { recursive: true });
  const child = fork(__filename, ["serve", path.join(folder, "server")]);
  const port = await new Promise((found) => child.once("message", found));
  const here = new PouchDB(path.join(folder, "client"));
  const lines = fs.readFileSync(documents, "utf8").trim().split("\n");
  for (let at = 0; at < lines.length; at += BATCH) {
    await here.bulkDocs(lines.slice(at, at + BATCH).map((line) => JSON.parse(line)));
  }
  const begin = process.hrtime.bigint();
  const done = await here.replicate.to(`http://127.0.0.1:${port}/entries`, { batch_size: BATCH });
  const seconds = Number(process.hrtime.bigint() - begin) / 1e9;
  child.kill();
  console.log(JSON.stringify({ documents: done.docs_written, seconds }));
}

if (process.argv[2] === "serve") serve(process.argv[3]);
else measure(process.argv[2], process.argv[3]).then(() => process.exit(0));
